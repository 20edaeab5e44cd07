import { ApiError } from '../api/problem.ts';
import type { Page } from '../api/types.ts';

export type Loader<T> = (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>;

/** A list that is loaded page by page and refreshed as a whole, without flicker and without late answers. */
export class PagedList<T> {
  items: readonly T[] = [];
  next: string | null = null;
  error: unknown = null;
  /** Nothing has been loaded yet for the present question. */
  pristine = true;
  busy = false;

  readonly #changed: () => void;
  #loader: Loader<T> | null = null;
  #pages = 1;
  #flight: AbortController | null = null;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** A new question: forgets what was loaded for the old one once the first answer is there. */
  ask(loader: Loader<T>): Promise<void> {
    this.#loader = loader;
    this.#pages = 1;
    return this.refresh();
  }

  more(): Promise<void> {
    if (this.next === null || this.busy) return Promise.resolve();
    this.#pages += 1;
    return this.refresh();
  }

  /** Loads as many pages as are on screen; the old ones stay until the new ones have come. */
  async refresh(): Promise<void> {
    if (this.#loader === null) return;
    this.#flight?.abort();
    const flight = new AbortController();
    this.#flight = flight;
    this.busy = true;
    try {
      const { items, next } = await this.#load(this.#loader, flight.signal);
      if (flight.signal.aborted) return;
      Object.assign(this, { items, next, error: null, pristine: false });
    } catch (error) {
      if (flight.signal.aborted) return;
      this.error = error;
    }
    this.busy = false;
    this.#changed();
  }

  get unreachable(): boolean {
    return this.error instanceof ApiError && this.error.isUnreachable;
  }

  cancel(): void {
    this.#flight?.abort();
  }

  async #load(loader: Loader<T>, signal: AbortSignal): Promise<Page<T>> {
    const items: T[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < this.#pages; page++) {
      const part: Page<T> = await loader(cursor, signal);
      items.push(...part.items);
      cursor = part.next;
      if (cursor === null) break;
    }
    return { items, next: cursor };
  }
}
