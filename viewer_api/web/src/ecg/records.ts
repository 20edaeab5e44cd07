import { ecgs } from '../session.ts';
import type { Ecg } from './ecg-types.ts';
import type { Samples } from './samples.ts';

/** Seconds that are drawn at a time: a printed page at its longest. */
export const PART_S = 30;
const AGAIN_MS = 4000;

/** The recordings of a series and the part of one that is shown; asks again while they are being measured. */
export class Records {
  all: readonly Ecg[] = [];
  which = 0;
  samples: Samples | null = null;
  /** Where the part begins, in seconds of the record. */
  partS = 0;
  failed = false;

  readonly #changed: () => void;
  #loading: AbortController | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get shown(): Ecg | undefined {
    return this.all[this.which];
  }

  async open(studyUid: string, seriesUid: string): Promise<void> {
    this.close();
    const loading = new AbortController();
    this.#loading = loading;
    this.failed = false;
    try {
      const found = await ecgs.ofStudy(studyUid, loading.signal);
      if (loading.signal.aborted) return;
      const before = this.shown?.sop_instance_uid;
      this.all = found.filter((one) => one.series_instance_uid === seriesUid);
      if (this.all.length === 0) this.failed = true;
      else if (!this.shown?.long_url && (before !== this.shown?.sop_instance_uid || this.samples === null)) await this.#fetch(0);
      if (this.all.some(({ state }) => state === 'pending')) {
        this.#again = setTimeout(() => void this.open(studyUid, seriesUid), AGAIN_MS);
      }
    } catch {
      if (!loading.signal.aborted) this.failed = true;
    }
    this.#changed();
  }

  close(): void {
    this.#loading?.abort();
    clearTimeout(this.#again);
  }

  show(which: number): void {
    this.which = which;
    this.samples = null;
    void this.#try(0);
  }

  turn(by: number): void {
    void this.#try(Math.max(0, this.partS + by * PART_S));
  }

  replace(one: Ecg, other: Ecg): void {
    this.all = this.all.map((each) => (each === one ? other : each));
    this.#changed();
  }

  async #try(fromS: number): Promise<void> {
    try {
      await this.#fetch(fromS);
    } catch {
      this.failed = true;
    }
    this.#changed();
  }

  async #fetch(fromS: number): Promise<void> {
    const ecg = this.shown;
    if (ecg === undefined) return;
    const samples = await ecgs.samples(ecg, fromS, PART_S, this.#loading?.signal);
    if (this.shown?.sop_instance_uid !== ecg.sop_instance_uid) return;
    this.partS = fromS;
    this.samples = samples;
  }
}
