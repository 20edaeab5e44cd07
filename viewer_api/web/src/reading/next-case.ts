import { api } from '../session.ts';
import { Ahead } from '../viewer/ahead.ts';
import type { StackState } from '../viewer/stack-view.ts';
import { loadEarly } from './early.ts';

const LEFT = 'countyread-case-left';

/** Gets the next case ready while one is read, and measures how long it takes from one to the first image of the other. */
export class NextCase {
  #ahead: Ahead | null = null;

  /** The case on screen leaves our hands. */
  left(): void {
    performance.mark(LEFT);
  }

  /** Once the open series is there, what comes next may come now. */
  looked(taskId: number, shown: StackState | null): void {
    if (shown?.rendered !== true) return;
    noteFirstImage();
    if (this.#ahead !== null || shown.count === 0 || shown.cached < shown.count) return;
    const ahead = new Ahead();
    this.#ahead = ahead;
    const open = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    void api.fetchPlan(taskId).then(
      (plan) => {
        loadEarly(plan);
        return ahead.run(plan, (url) => open.includes(url));
      },
      () => undefined,
    );
  }

  cancel(): void {
    this.#ahead?.cancel();
    this.#ahead = null;
  }
}

function noteFirstImage(): void {
  if (performance.getEntriesByName(LEFT).length === 0) return;
  performance.measure('countyread-next-case', LEFT);
  performance.clearMarks(LEFT);
}
