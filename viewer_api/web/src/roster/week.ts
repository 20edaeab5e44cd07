import { locale } from '../i18n/index.ts';
import type { Absence, Shift } from '../api/roster-types.ts';

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD` so many days later. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(`${last}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
}

export function weekOf(first: string): string[] {
  return Array.from({ length: 7 }, (_, n) => plusDays(first, n));
}

export function dayName(day: string): { weekday: string; date: string } {
  const moment = new Date(`${day}T00:00:00Z`);
  const options = { timeZone: 'UTC' } as const;
  return {
    weekday: new Intl.DateTimeFormat(locale(), { ...options, weekday: 'short' }).format(moment),
    date: new Intl.DateTimeFormat(locale(), { ...options, month: 'numeric', day: 'numeric' }).format(moment),
  };
}

/** The local day and time of a moment in the county's zone, whatever this PC's is. */
export function inZone(at: string, zone: string): { day: string; time: string } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at));
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return { day: `${of('year')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

/** The moment at which a local day begins in the zone. */
export function startOf(day: string, zone: string): string {
  let guess = Date.parse(`${day}T00:00:00Z`);
  // Twice, for a day on which the clocks change.
  for (let round = 0; round < 2; round++) {
    const shown = inZone(new Date(guess).toISOString(), zone);
    guess += Date.parse(`${day}T00:00:00Z`) - Date.parse(`${shown.day}T${shown.time}:00Z`);
  }
  return new Date(guess).toISOString();
}

export function hoursOf(shift: Pick<Shift, 'starts_at' | 'ends_at'>, zone: string): string {
  return `${inZone(shift.starts_at, zone).time}–${inZone(shift.ends_at, zone).time}`;
}

export function isAway(absences: readonly Absence[], user: string, day: string, zone: string): boolean {
  const starts = startOf(day, zone);
  const ends = startOf(plusDays(day, 1), zone);
  return absences.some((one) => one.user === user && Date.parse(one.starts_at) < Date.parse(ends) && Date.parse(one.ends_at) > Date.parse(starts));
}
