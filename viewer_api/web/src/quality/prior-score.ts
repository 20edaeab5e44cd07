import type { Radpeer } from '../api/quality-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { quality } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { notify } from '../ui/notify.ts';

const SCORES: readonly Radpeer[] = ['1', '2a', '2b', '3a', '3b'];

/** Asks the reader of a study how he sees the report of an earlier one, and gives the score. */
export async function scorePrior(task: number, report: number): Promise<void> {
  const answers = await ask({
    title: t('reviews.score'),
    fields: [
      {
        name: 'score',
        label: t('reviews.score'),
        kind: 'select',
        choices: SCORES.map((value) => ({ value, label: t(`radpeer.${value}` as MessageKey) })),
      },
      { name: 'comment', label: t('reviews.comment'), kind: 'textarea' },
    ],
  });
  if (answers === null) return;
  try {
    await quality.scorePrior(task, report, answers['score'] as Radpeer, answers['comment'] ?? '');
    notify(t('priors.scored'), 'ok');
  } catch (error) {
    notify(inWords(error), 'danger');
  }
}
