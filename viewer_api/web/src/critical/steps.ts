import type { CaseAction, CaseStepBody, CaseStepName, CriticalDetail } from '../api/critical-types.ts';
import { t } from '../i18n/index.ts';
import { criticalApi, hasRole } from '../session.ts';
import { ask, type Answers, type Field, type Question } from '../ui/dialog.ts';

interface CaseStep {
  path: CaseStepName;
  question: (case_: CriticalDetail) => Question;
  body?: (answers: Answers) => CaseStepBody;
}

/** Asks what belongs to the step and takes it; `null` when it was cancelled. */
export async function takeStep(case_: CriticalDetail, action: CaseAction): Promise<CriticalDetail | null> {
  const step = STEPS[action];
  const answers = await ask(step.question(case_));
  if (answers === null) return null;
  return criticalApi.criticalStep(case_.id, step.path, (step.body ?? ((given) => given))(answers));
}

/** The words on the button of a step. */
export function stepName(action: CaseAction): string {
  if (action === 'acknowledge') return t(hasRole('clinic') ? 'critical.acknowledge' : 'critical.acknowledge.phone');
  return t(`critical.${action}`);
}

const METHOD = (): Field => ({
  name: 'method',
  label: t('critical.method'),
  kind: 'select',
  choices: [
    { value: 'phone', label: t('critical.method.phone') },
    { value: 'in_person', label: t('critical.method.in_person') },
  ],
});

const RECEIVER = (value = ''): Field => ({ name: 'receiver', label: t('critical.phoned'), kind: 'text', required: true, value });

const READ_BACK = (required: boolean): Field => ({
  name: 'read_back',
  label: t(required ? 'critical.read_back' : 'critical.heard_back'),
  kind: 'textarea',
  required,
});

const STEPS: Readonly<Record<CaseAction, CaseStep>> = {
  confirm: {
    path: 'confirm',
    question: (case_) => ({
      title: t('critical.confirm'),
      ok: t('critical.raise.ok'),
      fields: [{ name: 'finding', label: t('critical.finding'), kind: 'textarea', required: true, value: case_.finding || case_.name }],
    }),
  },
  notify: {
    path: 'notify',
    question: () => ({ title: t('critical.notify'), fields: [METHOD(), RECEIVER(), READ_BACK(false)] }),
  },
  acknowledge: {
    path: 'ack',
    question: (case_) => ({
      title: stepName('acknowledge'),
      text: case_.finding,
      fields: hasRole('clinic')
        ? [READ_BACK(true), { ...RECEIVER(), label: t('critical.receiver') }]
        : [METHOD(), RECEIVER(case_.receiver), READ_BACK(true)],
    }),
  },
  feed_back: {
    path: 'feedback',
    question: () => ({
      title: t('critical.feed_back'),
      fields: [
        { name: 'text', label: t('critical.feed_back.text'), kind: 'textarea', required: true, hint: t('critical.feed_back.hint') },
      ],
    }),
  },
  close: { path: 'close', question: () => ({ title: t('critical.close') }) },
  false_alarm: {
    path: 'false-alarm',
    question: () => ({
      title: t('critical.false_alarm'),
      danger: true,
      fields: [{ name: 'reason', label: t('critical.reason'), kind: 'textarea', required: true }],
    }),
  },
};
