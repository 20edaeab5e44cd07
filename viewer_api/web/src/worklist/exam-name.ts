import { t } from '../i18n/index.ts';

/** What was examined, as the equipment said it. */
export function examName(exam: { description: string; body_part: string }): string {
  return exam.description || exam.body_part || t('worklist.unknown_exam');
}
