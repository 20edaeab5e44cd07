/** The server's clock as this browser knows it: PCs in clinics run minutes off, count-downs must not. */
let offsetMs = 0;

const TOLERANCE_MS = 2000;

/** Takes the `Date` header of an answer, which has a resolution of one second. */
export function learnServerTime(dateHeader: string | null, receivedAtMs: number = Date.now()): void {
  const server = Date.parse(dateHeader ?? '');
  if (Number.isNaN(server)) return;
  const offset = server + 500 - receivedAtMs;
  offsetMs = Math.abs(offset) > TOLERANCE_MS ? offset : 0;
}

/** Milliseconds since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
