import type { Action, Priority, ReportKind, TaskDetail } from '../api/types.ts';
import type { Discrepancy } from '../api/quality-types.ts';
import { localName, t } from '../i18n/index.ts';
import { gradesKept } from '../quality/grade-keeping.ts';
import { discrepancyField, signOverRules } from '../quality/signing.ts';
import { api } from '../session.ts';
import { confirmed } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';
import { placeMark } from '../viewer/marks.ts';
import {
  askAmendment,
  askConsultation,
  askPriority,
  askQuestion,
  askReason,
  askRetake,
  mayBeSigned,
  mayBeSubmitted,
} from './questions.ts';
import type { ReadingCase } from './reading-case.ts';
import type { FinishRequest } from './report-panel.ts';

/** Submits, signs or amends after the questions that belong to it; true when it was done. */
export async function finish(current: ReadingCase, { how, content }: FinishRequest): Promise<boolean> {
  const task = current.task;
  if (task === null) return false;
  if (how === 'amend') return amend(task, content);
  await gradesKept();
  if (how === 'sign') {
    if (!(await sign(current, task, content))) return false;
  } else {
    if (!(await mayBeSubmitted(content))) return false;
    await handedOver(current, () => api.submit(task.id, current.token, content));
  }
  current.done();
  notify(t(how === 'sign' ? 'report.signed' : 'report.submitted'), 'ok');
  return true;
}

async function sign(current: ReadingCase, task: TaskDetail, content: FinishRequest['content']): Promise<boolean> {
  if (current.isAudit) await current.draft?.flush();
  const differs = current.isAudit ? await discrepancyField(task.id) : null;
  const answers = await mayBeSigned(task, content, differs);
  if (answers === null) return false;
  const judged = answers['discrepancy'] as Discrepancy | undefined;
  const besides = judged === undefined ? {} : { discrepancy: judged };
  return signOverRules(task.id, content, (order) =>
    handedOver(current, () => api.sign(task.id, current.token, content, { ...order, ...besides })),
  );
}

function handedOver<T>(current: ReadingCase, step: () => Promise<T>): Promise<T> {
  return current.draft === null ? step() : current.draft.handOver(step);
}

async function amend(task: TaskDetail, content: FinishRequest['content']): Promise<boolean> {
  const answers = await askAmendment();
  if (answers === null) return false;
  const kind = (answers['kind'] ?? 'amended') as ReportKind;
  const done = await signOverRules(task.id, content, (order) => api.amend(task.id, content, answers['reason'] ?? '', kind, order));
  if (!done) return false;
  notify(t('report.signed'), 'ok');
  return true;
}

/** Takes one of the other steps after its questions; true when the case has left our hands. */
export async function act(current: ReadingCase, action: Action): Promise<boolean> {
  const task = current.task;
  const step = STEPS[action];
  if (task === null || step === undefined) return false;
  await Promise.all([current.draft?.flush(), gradesKept()]);
  const done = await step(current, task);
  if (done === null) return false;
  notify(done, 'ok');
  if (STAYS_IN_HAND.has(action)) return false;
  current.done();
  return true;
}

const STAYS_IN_HAND: ReadonlySet<Action> = new Set(['prioritise', 'preliminary']);

/** Asks, acts, and returns the words for what was done; `null` when it was cancelled. */
type StepFunction = (current: ReadingCase, task: TaskDetail) => Promise<string | null>;

const STEPS: Partial<Record<Action, StepFunction>> = {
  async ask(current, task) {
    const question = await askQuestion();
    if (question === null) return null;
    await api.ask(task.id, current.token, question, placeMark.value);
    placeMark.set(null);
    return t('report.asked');
  },
  async return(current, task) {
    const answers = await askRetake(task, current.study);
    if (answers === null) return null;
    const series = answers['series'] ?? '';
    await api.returnForRetake(task.id, current.token, {
      code: answers['code'] ?? 'other',
      reason: answers['reason'] ?? '',
      ...placeMark.value,
      ...(series === '' ? {} : { series_instance_uid: series }),
      guidance: answers['guidance'] ?? '',
    });
    placeMark.set(null);
    return t('report.returned');
  },
  async reject(current, task) {
    const reason = await askReason('ask.reject', { danger: true });
    if (reason === null) return null;
    await api.reject(task.id, current.token, reason);
    return t('report.rejected_done');
  },
  async release(current, task) {
    if (!(await confirmed({ title: t('ask.release'), text: t('ask.release.text') }))) return null;
    await api.release(task.id, current.token);
    return t('read.released');
  },
  async prioritise(current, task) {
    const answers = await askPriority(task);
    if (answers === null) return null;
    const changed = await api.prioritise(task.id, answers['priority'] as Priority, answers['reason'] ?? '');
    current.task = { ...task, ...changed };
    return t('report.done');
  },
  async preliminary(current, task) {
    const content = current.draft?.content;
    if (content === undefined) return null;
    const clinic = localName(task.institution_name, task.institution_name_en);
    if (!(await confirmed({ title: t('ask.preliminary'), text: t('ask.preliminary.text', { clinic }) }))) return null;
    await api.preliminary(task.id, current.token, content);
    await current.refresh();
    return t('report.preliminary.done');
  },
  async consult(current, task) {
    const { items } = await api.upperHospitals();
    if (items.length === 0) {
      notify(t('ask.consult.none'), 'warn');
      return null;
    }
    const answers = await askConsultation(items);
    if (answers === null) return null;
    const hospital = answers['hospital'] ?? '';
    await api.consult(task.id, current.token, hospital, answers['question'] ?? '');
    const asked = items.find(({ code }) => code === hospital);
    return t('report.consulted', { hospital: localName(asked?.name ?? hospital, asked?.name_en ?? hospital) });
  },
  recall: (_, task) => withReason('ask.recall', (reason) => api.recall(task.id, reason)),
  reconcile: (_, task) => withReason('ask.reconcile', (reason) => api.reconcile(task.id, reason)),
  reread: (_, task) => withReason('ask.reread', (reason) => api.reread(task.id, reason)),
  cancel: (_, task) => withReason('ask.cancel', (reason) => api.cancel(task.id, reason), voids(task)),
  decline: (_, task) => withReason('ask.decline', (reason) => api.decline(task.id, reason), voids(task)),
  withdraw: (_, task) => withReason('ask.withdraw', (reason) => api.withdraw(task.id, reason), 'ask.withdraw.text'),
};

/** A preliminary report that is out is taken back with the case. */
function voids(task: TaskDetail): 'ask.voids' | null {
  return task.preliminary_at === null ? null : 'ask.voids';
}

async function withReason(
  title: 'ask.cancel' | 'ask.decline' | 'ask.withdraw' | 'ask.recall' | 'ask.reconcile' | 'ask.reread',
  step: (reason: string) => Promise<unknown>,
  text: 'ask.withdraw.text' | 'ask.voids' | null = null,
): Promise<string | null> {
  const reason = await askReason(title, { danger: true, ...(text === null ? {} : { text }) });
  if (reason === null) return null;
  await step(reason);
  return t('report.done');
}
