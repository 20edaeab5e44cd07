import type { FetchPlan } from '../api/types.ts';
import { debounce } from '../lib/debounce.ts';
import { api } from '../session.ts';
import { Ahead } from '../viewer/ahead.ts';
import { cameHere } from '../viewer/fetched.ts';
import type { StackState } from '../viewer/stack-view.ts';
import { loadEarly } from './early.ts';

const LEFT = 'countyread-case-left';
/** A busy county's queue changes all the time: it is looked at once it rests, and at the latest after the second time. */
const REST_MS = 3000;
const LATEST_MS = 15_000;

type Plan = (taskId: number) => Promise<FetchPlan>;

/** Gets the next case ready while one is read, and measures how long it takes from one to the first image of the other. */
export class NextCase {
  readonly #plan: Plan;
  readonly #prepare: (plan: FetchPlan) => void;
  readonly #lookAgain = debounce(() => void this.#getReady(), REST_MS, LATEST_MS);
  /** The case that is open, once its images are there. */
  #open: number | null = null;
  #ahead: Ahead | null = null;
  #isOld = false;

  /** `plan` says what may be fetched; `prepare` asks for what is needed beside images. */
  constructor(plan: Plan = (taskId) => api.fetchPlan(taskId), prepare: (plan: FetchPlan) => void = loadEarly) {
    this.#plan = plan;
    this.#prepare = prepare;
  }

  /** The case on screen leaves our hands. */
  left(): void {
    performance.mark(LEFT);
  }

  /** Once the open series is there, what comes next may come now. */
  looked(taskId: number, shown: StackState | null): void {
    if (shown?.rendered !== true) return;
    noteFirstImage();
    if (this.#open !== null || shown.count === 0 || shown.cached < shown.kept) return;
    this.#open = taskId;
    void this.#getReady();
  }

  /** Another case may come next now. */
  queueChanged(): void {
    if (this.#open !== null) this.#lookAgain();
  }

  cancel(): void {
    this.#lookAgain.cancel();
    this.#ahead?.cancel();
    this.#ahead = this.#open = null;
    this.#isOld = false;
  }

  /** One plan at a time: what the queue says meanwhile is fetched after. */
  async #getReady(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#isOld = this.#ahead !== null;
    if (this.#isOld) return;
    const ahead = new Ahead();
    this.#ahead = ahead;
    await this.#fetch(ahead, open).catch(() => undefined);
    if (this.#ahead !== ahead) return;
    this.#ahead = null;
    if (this.#isOld) void this.#getReady();
  }

  async #fetch(ahead: Ahead, taskId: number): Promise<void> {
    const plan = await this.#plan(taskId);
    if (this.#ahead !== ahead) return;
    this.#prepare(plan);
    await ahead.run(plan, (url) => cameHere.has(url));
  }
}

function noteFirstImage(): void {
  if (performance.getEntriesByName(LEFT).length === 0) return;
  performance.measure('countyread-next-case', LEFT);
  performance.clearMarks(LEFT);
}
