import type { Sla, StudyState } from '../api/types.ts';

export interface Clocks {
  state: StudyState;
  due_at: string | null;
  limit_at: string | null;
  sla: Sla | null;
  paused?: boolean;
}

export type Standing = Sla | 'paused' | 'done' | 'none';

/** `leftMs` counts to the target, then to the limit; negative once the limit has passed. */
export interface Deadline {
  standing: Standing;
  leftMs: number;
}

const CLOSED: ReadonlySet<StudyState> = new Set(['signed', 'delivered', 'cancelled', 'declined']);
const WAITING: ReadonlySet<StudyState> = new Set(['retake_wait', 'info_wait']);
const RANK: Readonly<Record<Sla, number>> = { on_time: 0, soon: 1, late: 2, breached: 3 };

export function isClosed(state: StudyState): boolean {
  return CLOSED.has(state);
}

/**
 * Where a task stands now. The server's word is the base (it knows working hours and pauses); since it was
 * said, a target or a limit may have passed, which only makes it worse.
 */
export function deadline(task: Clocks, nowMs: number): Deadline {
  if (isClosed(task.state)) return { standing: 'done', leftMs: 0 };
  if (task.due_at === null || task.limit_at === null) return { standing: 'none', leftMs: 0 };
  const [due, limit] = [Date.parse(task.due_at), Date.parse(task.limit_at)];
  if (task.paused || WAITING.has(task.state)) return { standing: 'paused', leftMs: due - nowMs };
  const standing = worse(task.sla ?? 'on_time', byClock(due, limit, nowMs));
  return { standing, leftMs: (standing === 'late' || standing === 'breached' ? limit : due) - nowMs };
}

function byClock(due: number, limit: number, now: number): Sla {
  if (now > limit) return 'breached';
  return now > due ? 'late' : 'on_time';
}

function worse(a: Sla, b: Sla): Sla {
  return RANK[a] >= RANK[b] ? a : b;
}
