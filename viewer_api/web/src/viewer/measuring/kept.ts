import { ApiError } from '../../api/problem.ts';
import { measuringApi } from '../../session.ts';
import { Cell } from '../../store.ts';
import { StudyMeasurements } from './study-measurements.ts';

const RETRY_MS = 5000;
const MOST = 8;

const studies = new Map<string, StudyMeasurements>();

/** The one that is chosen, by its number; keys act on it. */
export const chosen = new Cell<number | null>(null);

/** Of a study, the same for everybody on the page; asked of the server when it is first wanted and whenever it is opened again. */
export function measurementsOf(study: string): StudyMeasurements {
  const known = studies.get(study);
  if (known !== undefined) return known;
  const made = new StudyMeasurements(study, measuringApi, (error) => error instanceof ApiError && error.isUnreachable);
  studies.set(study, made);
  const oldest = [...studies].find(([uid, one]) => uid !== study && !one.hasWaiting)?.[0];
  if (studies.size > MOST && oldest !== undefined) studies.delete(oldest);
  return made;
}

setInterval(() => {
  for (const one of studies.values()) if (one.hasWaiting) void one.flush().catch(() => undefined);
}, RETRY_MS);
