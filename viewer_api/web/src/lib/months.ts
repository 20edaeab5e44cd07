/** The month that was so many months ago on this PC, as `2026-03`. */
export function monthsAgo(many: number): string {
  const today = new Date();
  const month = new Date(today.getFullYear(), today.getMonth() - many, 1);
  return `${month.getFullYear()}-${String(month.getMonth() + 1).padStart(2, '0')}`;
}

/** This month and those before it, the newest first: Firefox has no field for a month. */
export function lastMonths(many: number): readonly string[] {
  return Array.from({ length: many }, (_, n) => monthsAgo(n));
}

/** From the first moment of the one month until the end of the other, in this PC's time zone. */
export function spanOf(from: string, to: string): { since: string; until: string } {
  const [first, last] = from <= to ? [from, to] : [to, from];
  const [year, month] = last.split('-').map(Number) as [number, number];
  return { since: new Date(`${first}-01T00:00`).toISOString(), until: new Date(year, month, 1).toISOString() };
}
