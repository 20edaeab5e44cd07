import type { Study, Wholeness } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { isClosed } from '../lib/sla.ts';
import { moment } from '../lib/time.ts';

/** What a study that is not read yet waits for. */
export function arrival({ waiting_for: waiting, missing, expected }: Study): string {
  if (missing > 0) {
    return expected === null
      ? t('clinic.waiting.missing', { missing })
      : t('clinic.waiting.missing_of', { missing, expected });
  }
  return waiting === null || waiting === 'association' ? t('clinic.expected.receiving') : t(`clinic.waiting.${waiting}`);
}

/** What the clinic should know of a study that was read although images may be lacking; empty for any other. */
export function doubt({ may_be_incomplete: incomplete, missing, expected }: Wholeness): string {
  if (!incomplete) return '';
  if (missing === 0) return t('whole.unsure');
  return expected === null ? t('whole.missing', { missing }) : t('whole.missing_of', { missing, expected });
}

/** When the clinic may expect the report, in words; nothing when there is nothing to wait for. */
export function expectation(study: Study, nowMs: number): string {
  if (study.state === 'receiving') return arrival(study);
  if (isClosed(study.state) || study.state === 'retake_wait' || study.state === 'info_wait') return '';
  if (study.limit_at === null || study.due_at === null) return '';
  if (nowMs > Date.parse(study.limit_at)) return t('clinic.expected.late');
  const late = nowMs > Date.parse(study.due_at);
  return t('clinic.expected', { at: moment(late ? study.limit_at : study.due_at, nowMs) });
}

/** What a row of the clinic's list says of a study: when the report may be expected, and that images may be lacking. */
export function remarks(study: Study, nowMs: number): string[] {
  const lacking = study.state === 'receiving' ? '' : doubt(study);
  return [expectation(study, nowMs), lacking].filter((words) => words !== '');
}
