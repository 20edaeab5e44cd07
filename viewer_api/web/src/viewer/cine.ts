/** Plays frames at the times at which they were taken; a late tick does not shift the ones after it. */
export class Cine {
  readonly #next: () => boolean;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `next` goes on to the next frame; it says `false` while that has not arrived yet. */
  constructor(next: () => boolean, now: () => number = () => performance.now()) {
    this.#next = next;
    this.#now = now;
  }

  /** `lasts`: milliseconds that a frame is shown; `at`: the frame on screen. */
  start(lasts: (frame: number) => number, at: () => number): void {
    this.stop();
    let due = this.#now() + lasts(at());
    const tick = (): void => {
      const now = this.#now();
      if (this.#next()) due += lasts(at());
      if (due < now) due = now + lasts(at());
      this.#timer = setTimeout(tick, Math.max(0, due - now));
    };
    this.#timer = setTimeout(tick, lasts(at()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
