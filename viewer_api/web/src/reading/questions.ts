import type { Hospital } from '../api/consult-types.ts';
import type { ReportContent, Series, StudyDetail, Task } from '../api/types.ts';
import { localName, t, type MessageKey } from '../i18n/index.ts';
import { quality } from '../session.ts';
import { ask, confirmed, type Answers, type Choice, type Field } from '../ui/dialog.ts';
import { placeMark } from '../viewer/marks.ts';
import { shownNotFull } from '../viewer/quality.ts';

const RETAKE_CODES = ['positioning', 'motion', 'exposure', 'artefact', 'incomplete', 'wrong_part', 'wrong_patient', 'other'] as const;
const ECG_RETAKE_CODES = ['leads', 'noise', 'artefact', 'incomplete', 'wrong_patient', 'other'] as const;
const PRIORITIES = ['P0', 'P1', 'P2', 'P3'] as const;

/** Only a critical value is asked about before a submission: it sets people running. */
export function mayBeSubmitted(content: ReportContent): Promise<boolean> {
  if (content.critical.trim() === '') return Promise.resolve(true);
  return confirmed({
    title: t('ask.submit_critical'),
    warning: t('ask.submit_critical.text', { text: content.critical.trim() }),
    ok: t('report.submit'),
  });
}

/** `differs` asks besides how much the changes matter; `null` when the person does not sign. */
export function mayBeSigned(task: Task, content: ReportContent, differs: Field | null = null): Promise<Answers | null> {
  const clinic = localName(task.institution_name, task.institution_name_en);
  const alone = task.state === 'reading' ? ` ${t('ask.sign.one')}` : '';
  const warning = signingWarning(content, shownNotFull.value.length);
  return ask({
    title: t('ask.sign'),
    text: t('ask.sign.text', { clinic }) + alone,
    ...(warning === '' ? {} : { warning }),
    ...(differs === null ? {} : { fields: [differs] }),
    ok: t('report.sign'),
  });
}

/** What whoever signs must not overlook: images on screen that are less than was taken, and a critical value. */
export function signingWarning({ critical }: Pick<ReportContent, 'critical'>, notFull: number): string {
  const text = critical.trim();
  const images = notFull === 0 ? '' : t('ask.sign.not_full', { n: notFull });
  return [images, text === '' ? '' : t('ask.sign.critical', { text })].filter((one) => one !== '').join(' ');
}

/** Asks for a reason in words; `null` when cancelled. */
export async function askReason(title: MessageKey, options: { text?: MessageKey; danger?: boolean } = {}): Promise<string | null> {
  const answers = await ask({
    title: t(title),
    ...(options.text === undefined ? {} : { text: t(options.text) }),
    danger: options.danger ?? false,
    fields: [{ name: 'reason', label: t('ask.reason'), kind: 'textarea', required: true }],
  });
  return answers?.['reason'] ?? null;
}

export function askConsultation(hospitals: readonly Hospital[]): Promise<Answers | null> {
  const choices = hospitals.map(({ code, name, name_en }) => ({ value: code, label: localName(name, name_en) }));
  return ask({
    title: t('ask.consult'),
    text: t('ask.consult.text'),
    fields: [
      { name: 'hospital', label: t('ask.consult.hospital'), kind: 'select', choices, required: true },
      { name: 'question', label: t('ask.consult.question'), kind: 'textarea', required: true },
    ],
  });
}

export async function askQuestion(): Promise<string | null> {
  const answers = await ask({
    title: t('ask.question'),
    text: withMark(t('ask.question.text')),
    fields: [{ name: 'question', label: t('ask.question.label'), kind: 'textarea', required: true }],
  });
  return answers?.['question'] ?? null;
}

export async function askRetake(task: Task, study: StudyDetail | null): Promise<Answers | null> {
  const choices = await retakeReasons(task.modality);
  return ask({
    title: t('ask.return'),
    text: withMark(t('ask.question.text')),
    ...(task.preliminary_at === null ? {} : { warning: t('ask.voids') }),
    fields: [
      {
        name: 'code',
        label: t('ask.return.code'),
        kind: 'select',
        choices,
      },
      { name: 'series', label: t('ask.return.series'), kind: 'select', choices: seriesChoices(study?.series_list ?? []) },
      { name: 'reason', label: t('ask.return.reason'), kind: 'textarea', required: true },
      { name: 'guidance', label: t('retakes.guidance.label'), kind: 'text' },
    ],
  });
}

/** Says so when a place that the reader has marked goes with it. */
function withMark(text: string): string {
  return placeMark.value === null ? text : `${text} ${t('marks.goes_along')}`;
}

/** The county's reasons for the modality; without an answer of the server the ones that every county has. */
async function retakeReasons(modality: string): Promise<readonly Choice[]> {
  const rules = await quality.rules().catch(() => null);
  const fallback = modality === 'ECG' ? ECG_RETAKE_CODES : RETAKE_CODES;
  if (rules === null) return fallback.map((code) => ({ value: code, label: t(`retake.${code}`) }));
  return rules.reasons
    .filter(({ modalities }) => modalities.length === 0 || modalities.includes(modality))
    .map(({ code, zh, en }) => ({ value: code, label: localName(zh, en) }));
}

export function askPriority(task: Task): Promise<Answers | null> {
  return ask({
    title: t('ask.priority'),
    fields: [
      {
        name: 'priority',
        label: t('ask.priority.label'),
        kind: 'select',
        value: task.priority,
        choices: PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) })),
      },
      { name: 'reason', label: t('ask.reason'), kind: 'textarea', required: true },
    ],
  });
}

export function askAmendment(): Promise<Answers | null> {
  return ask({
    title: t('ask.amend'),
    ok: t('report.sign'),
    fields: [
      {
        name: 'kind',
        label: t('ask.amend.kind'),
        kind: 'select',
        choices: (['amended', 'addendum'] as const).map((value) => ({ value, label: t(`report.kind.${value}`) })),
      },
      { name: 'reason', label: t('ask.reason'), kind: 'textarea', required: true },
    ],
  });
}

function seriesChoices(series: readonly Series[]): Choice[] {
  return [
    { value: '', label: t('ask.return.series.all') },
    ...series.map((one, index) => ({
      value: one.series_instance_uid,
      label: t('viewer.series.label', { n: one.number ?? index + 1, description: one.description || t('viewer.series') }),
    })),
  ];
}
