import type { StudyDetail, StudyState, Task } from '../api/types.ts';
import type { MessageKey } from '../i18n/index.ts';

export type StepState = 'done' | 'now' | 'open';

export interface ProgressStep {
  name: MessageKey;
  state: StepState;
  at: string | null;
}

const NAMES = [
  'study.step.arrived',
  'study.step.waiting',
  'study.step.reading',
  'study.step.audit',
  'study.step.finished',
  'study.step.received',
] as const satisfies readonly MessageKey[];

/** How far a study is on its way; a step before the reached one is done. */
const REACHED: Readonly<Record<StudyState, number>> = {
  receiving: 0,
  recon_hold: 1,
  queued: 1,
  assigned: 1,
  retake_wait: 2,
  info_wait: 2,
  reading: 2,
  rework: 2,
  consult: 3,
  read: 3,
  drafted: 3,
  auditing: 3,
  signed: 5,
  delivered: 6,
  closed: 6,
  cancelled: 1,
  declined: 1,
};

/** The steps of a study as its clinic sees them; times only where they are known. */
export function progress(study: StudyDetail, signedAt: string | null): ProgressStep[] {
  const reached = REACHED[study.state];
  const task = study.tasks.find(({ id }) => id === study.task_id);
  const times = [study.first_received_at, study.ready_at, null, null, signedAt, receivedAt(task)];
  return NAMES.map((name, index) => ({
    name,
    state: index < reached ? 'done' : index === reached ? 'now' : 'open',
    at: index <= reached ? (times[index] ?? null) : null,
  }));
}

function receivedAt(task: Task | undefined): string | null {
  return task?.state === 'delivered' ? task.state_since : null;
}
