import type { FetchPlan, StudyDetail, TaskDetail } from '../api/types.ts';
import type { Instance } from '../viewer/dicom-json.ts';
import { showFirst } from '../viewer/stack.ts';
import { api, currentUser } from '../session.ts';
import { beingHandedOver } from './lease-memory.ts';
import { seenTask } from '../worklist/last-view.ts';

const KEPT_MS = 10 * 60_000;
/** From the moment when a case is opened until its page has loaded its own scripts over the slowest line. */
const OPENING_MS = 15_000;
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
  put(key: string, answer: Promise<T>, keptMs = KEPT_MS): void {
    const entry = { answer, settled: null as T | null, until: this.#now() + keptMs };
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
const openingTasks = new Early<TaskDetail>();
const openingStudies = new Early<StudyDetail>();

/**
 * Asks for what the page of a case will need first, while the page itself comes: on a line with 200 ms there and back each
 * question that waits for another is what the reader waits for.
 */
export function openEarly(taskId: number): void {
  const task = api.task(taskId);
  openingTasks.put(String(taskId), task, OPENING_MS);
  const known = beingHandedOver(taskId)?.task ?? seenTask(currentUser()?.username ?? '', taskId);
  // At once where the study is known: what was fetched for the next case is given out to its page in a moment.
  const opening = known === null ? task.then((found) => openStudyEarly(found.study_instance_uid)) : openStudyEarly(known.study_instance_uid);
  opening.catch(() => undefined);
}

async function openStudyEarly(uid: string): Promise<void> {
  if (earlyStudies.has(uid)) return;
  const asked = api.study(uid);
  openingStudies.put(uid, asked, OPENING_MS);
  const { series_list: list } = await asked;
  const first = list.find(({ kind }) => kind !== 'document');
  if (first?.kind !== 'image') return;
  const { series_instance_uid: series, preview, instances } = first;
  if (!earlySeries.has(series)) earlySeries.put(series, api.seriesMetadata(uid, series), OPENING_MS);
  if (instances === 1 && preview !== null) showFirst(loaded(preview));
}

function loaded(picture: string): Promise<void> {
  const image = new Image();
  image.src = picture;
  return image.decode();
}

export function taskOf(taskId: number): Promise<TaskDetail> {
  return openingTasks.take(String(taskId)) ?? api.task(taskId);
}

export function studyOf(uid: string): Promise<StudyDetail> {
  return openingStudies.take(uid) ?? api.study(uid);
}

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
