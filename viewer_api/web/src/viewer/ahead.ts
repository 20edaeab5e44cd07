import type { FetchPlan } from '../api/types.ts';
import { cameAlone, cameHere } from './fetched.ts';

const AT_ONCE = 2;
const MOST_BYTES = 96 * 1024 * 1024;

/**
 * Fetches what the reader will look at next into the browser's own cache, which keeps it on disk: the rest of his case,
 * the beginning of the next one, and of what they compare with. Starts when the open images are there, and gives way when
 * he goes on.
 */
export class Ahead {
  readonly #fetch: typeof fetch;
  readonly #ended = new AbortController();
  #left = MOST_BYTES;

  constructor(fetcher: typeof fetch = fetch) {
    this.#fetch = fetcher;
  }

  async run({ accept, items }: FetchPlan, known: (url: string) => boolean): Promise<void> {
    const waiting = items.filter(({ url }) => !known(url));
    const worker = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined && !this.#ended.signal.aborted; item = waiting.shift()) {
        this.#left -= item.size;
        if (this.#left < 0) return;
        await this.#get(item.url, accept);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  cancel(): void {
    this.#ended.abort();
  }

  /** What fails is asked for again when somebody looks at it. */
  async #get(url: string, accept: string): Promise<void> {
    try {
      const answer = await this.#fetch(url, { headers: { Accept: accept }, signal: this.#ended.signal, priority: 'low' });
      await answer.arrayBuffer();
      if (!answer.ok) return;
      cameHere.add(url);
      cameAlone.add(url);
    } catch {
      // Nobody waits for it.
    }
  }
}
