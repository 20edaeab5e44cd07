import { serverNow } from '../lib/server-time.ts';
import { Cell } from '../store.ts';

/** Ticks once a second by the server's clock, while somebody listens. */
class TickingCell extends Cell<number> {
  #timer: ReturnType<typeof setInterval> | undefined;
  #listeners = 0;

  override subscribe(listener: (value: number) => void): () => void {
    const stop = super.subscribe(listener);
    if (++this.#listeners === 1) this.#timer = setInterval(() => this.set(serverNow()), 1000);
    this.set(serverNow());
    return () => {
      stop();
      if (--this.#listeners === 0) clearInterval(this.#timer);
    };
  }
}

/** Milliseconds since the epoch, live. */
export const now: Cell<number> = new TickingCell(serverNow());
