import { t } from '../../i18n/index.ts';
import { notify } from '../../ui/notify.ts';
import type { Director } from './director.ts';

/** Three planes through the active series, or back; where its images do not allow it, people are told why. */
export async function cutOrSay(director: Director): Promise<void> {
  const unfit = await director.cut();
  if (unfit !== null) notify(t(`mpr.unfit.${unfit}`), 'warn');
}

/** The matching earlier study beside what is shown, or away again; says so when there is none. */
export async function compareOrSay(director: Director): Promise<void> {
  if (!(await director.compare())) notify(t('stage.compare.none'));
}
