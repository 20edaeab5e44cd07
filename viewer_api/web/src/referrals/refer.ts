import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { referrals } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';

/** Asks why and where to, and sends the study's patient on. */
export async function refer(studyUid: string, patientName: string): Promise<void> {
  const answers = await ask({
    title: t('referrals.send.title', { name: patientName }),
    fields: [
      { name: 'reason', label: t('referrals.reason'), kind: 'textarea', required: true },
      { name: 'destination', label: t('referrals.destination'), kind: 'text' },
    ],
    ok: t('referrals.send'),
  });
  if (answers === null) return;
  try {
    await referrals.send(studyUid, answers['reason'] ?? '', answers['destination'] ?? '');
    notify(t('referrals.sent'), 'ok');
  } catch (error) {
    notify(inWords(error), 'danger');
  }
}
