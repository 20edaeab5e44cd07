import type { Study } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { isClosed } from '../lib/sla.ts';
import { moment } from '../lib/time.ts';

/** When the clinic may expect the report, in words; nothing when there is nothing to wait for. */
export function expectation(study: Study, nowMs: number): string {
  if (study.state === 'receiving') return t('clinic.expected.receiving');
  if (isClosed(study.state) || study.state === 'retake_wait' || study.state === 'info_wait') return '';
  if (study.limit_at === null || study.due_at === null) return '';
  if (nowMs > Date.parse(study.limit_at)) return t('clinic.expected.late');
  const late = nowMs > Date.parse(study.due_at);
  return t('clinic.expected', { at: moment(late ? study.limit_at : study.due_at, nowMs) });
}
