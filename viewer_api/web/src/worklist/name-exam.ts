import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { boards } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';

/** Body parts that townships examine, as DICOM names them (PS3.16 Annex L). */
const PARTS = ['CHEST', 'ABDOMEN', 'PELVIS', 'HEAD', 'NECK', 'CSPINE', 'TSPINE', 'LSPINE', 'SHOULDER', 'ELBOW', 'WRIST', 'HAND', 'HIP', 'KNEE', 'ANKLE', 'FOOT', 'BREAST', 'HEART', 'THYROID', 'PROSTATE', 'UTERUS'] as const;

/** Whether the machine said nothing of what was examined. */
export function isNameless(exam: { description: string; body_part: string }): boolean {
  return exam.description === '' && exam.body_part === '';
}

/** Asks what was examined and keeps it beside what the DICOM objects say; what was said, or `null`. */
export async function nameExam(uid: string): Promise<{ description: string; body_part: string } | null> {
  const choices = [{ value: '', label: '–' }, ...PARTS.map((value) => ({ value, label: t(`part.${value}`) }))];
  const answers = await ask({
    title: t('naming.title'),
    text: t('naming.text'),
    fields: [
      { name: 'description', label: t('naming.description'), kind: 'text', required: true },
      { name: 'body_part', label: t('naming.body_part'), kind: 'select', choices, value: '' },
    ],
  });
  if (answers === null) return null;
  try {
    const named = { description: answers['description'] ?? '', body_part: answers['body_part'] ?? '' };
    await boards.nameStudy(uid, named.description, named.body_part);
    notify(t('naming.done'), 'ok');
    return named;
  } catch (error) {
    notify(inWords(error), 'danger');
    return null;
  }
}
