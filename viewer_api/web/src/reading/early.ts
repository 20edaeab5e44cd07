import type { FetchPlan, StudyDetail } from '../api/types.ts';
import type { Instance } from '../viewer/dicom-json.ts';
import { api } from '../session.ts';

const KEPT_MS = 10 * 60_000;
const SERIES_AHEAD = 4;
const SERIES_URL = /^\/dicomweb\/studies\/([\d.]+)\/series\/([\d.]+)\//;

/** Answers that were asked for before anybody needed them; each is given out once, and only while it is fresh. */
export class Early<T> {
  readonly #kept = new Map<string, { answer: Promise<T>; settled: T | null; until: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What fails is as if it had never been asked for. */
  put(key: string, answer: Promise<T>): void {
    const entry = { answer, settled: null as T | null, until: this.#now() + KEPT_MS };
    this.#kept.set(key, entry);
    answer.then(
      (value) => (entry.settled = value),
      () => this.#kept.get(key) === entry && this.#kept.delete(key),
    );
  }

  has(key: string): boolean {
    return this.#fresh(key) !== undefined;
  }

  take(key: string): Promise<T> | undefined {
    const found = this.#fresh(key);
    this.#kept.delete(key);
    return found?.answer;
  }

  /** What has already come. */
  takeSettled(key: string): T | null {
    const found = this.#fresh(key)?.settled ?? null;
    if (found !== null) this.#kept.delete(key);
    return found;
  }

  clear(): void {
    this.#kept.clear();
  }

  #fresh(key: string): { answer: Promise<T>; settled: T | null } | undefined {
    const found = this.#kept.get(key);
    return found !== undefined && found.until > this.#now() ? found : undefined;
  }
}

export const earlyStudies = new Early<StudyDetail>();
export const earlySeries = new Early<Instance[]>();

/** The next case's study and the headers of its first series, so that nothing but its lease is waited for. */
export function loadEarly(plan: FetchPlan): void {
  for (const [study, series] of seriesOfNext(plan)) {
    if (!earlyStudies.has(study)) earlyStudies.put(study, api.study(study));
    if (!earlySeries.has(series)) earlySeries.put(series, api.seriesMetadata(study, series));
  }
}

/** Study and series, each series once, in the order of the plan. */
export function seriesOfNext({ items }: FetchPlan): [study: string, series: string][] {
  const found = new Map<string, string>();
  for (const { of, url } of items) {
    const [, study = '', series = ''] = SERIES_URL.exec(url) ?? [];
    if (of === 'next' && series !== '' && found.size < SERIES_AHEAD) found.set(series, study);
  }
  return [...found].map(([series, study]) => [study, series]);
}
