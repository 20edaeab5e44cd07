import type { Prior } from '../api/persons-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { api, ecgs, hasRole } from '../session.ts';
import { notify } from '../ui/notify.ts';
import type { Ecg } from './ecg-types.ts';
import { PART_S } from './records.ts';
import type { Samples } from './samples.ts';

/** An ECG that was recorded before the one that is read: its study, its recording, its samples. */
export interface Earlier {
  prior: Prior;
  ecg: Ecg;
  samples: Samples;
}

/** When an ECG was recorded: as its device wrote it, else as the catalogue has it. */
export function recordedAt(ecg: Ecg, catalogue = ''): string {
  return ecg.recording?.started_at ?? catalogue;
}

/** The earlier ECGs of a study's person, and the one of them that is compared with. */
export class EarlierEcgs {
  /** The latest first; none for those who may not see across clinics. */
  priors: readonly Prior[] = [];
  chosen: Earlier | null = null;

  readonly #changed: () => void;
  #study = '';

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  async find(studyUid: string): Promise<void> {
    this.#study = studyUid;
    [this.priors, this.chosen] = [[], null];
    if (!hasRole('radiologist', 'auditor', 'manager', 'admin')) return;
    const { items } = await api.priors(studyUid).catch(() => ({ items: [] }));
    if (studyUid !== this.#study) return;
    this.priors = items.filter(({ modality }) => modality === 'ECG');
    this.#changed();
  }

  /** Loads one of them, the latest without a name; false when it cannot be shown, which it says. */
  async choose(studyUid = this.priors[0]?.study_instance_uid): Promise<boolean> {
    const prior = this.priors.find((one) => one.study_instance_uid === studyUid);
    const of = this.#study;
    if (prior === undefined) return false;
    try {
      const found = await load(prior);
      if (of !== this.#study) return true;
      if (found !== null) this.chosen = found;
      else notify(t('ecg.compare.failed'), 'danger');
      this.#changed();
      return found !== null;
    } catch (error) {
      notify(`${t('ecg.compare.failed')} ${inWords(error)}`, 'danger');
      return false;
    }
  }
}

/** The first recording of an earlier study that was measured, else its first; null when it has none. */
async function load(prior: Prior): Promise<Earlier | null> {
  const found = await ecgs.ofStudy(prior.study_instance_uid);
  const ecg = found.find(({ state }) => state === 'done') ?? found[0];
  return ecg === undefined ? null : { prior, ecg, samples: await ecgs.samples(ecg, 0, PART_S) };
}
