import { cache, Enums, imageLoader } from '@cornerstonejs/core';

import { fetchTogether, forgetArrived, together } from './batches.ts';

/** Answers awaited at once: over HTTP/1.1 a browser opens six connections, and the stream of events has one. */
const FETCHING = 5;
const DECODING = 2;
/** Frames that are here and not decoded yet. While there are so many, the line rests. */
const MOST_READY = 32;
const TOGETHER = 16;

/**
 * Fetches the frames of a stack, nearest to the one that is looked at first, those of one object together. The next are
 * fetched while others are decoded: neither the line nor the processor waits for the other.
 */
export class Prefetch {
  readonly #imageIds: readonly string[];
  readonly #loaded: (count: number) => void;
  readonly #waiting: Set<number>;
  readonly #ended = new AbortController();
  #ready: string[] = [];
  #center: number;
  #fetching = 0;
  #decoding = 0;

  /** `limit`: how many frames may be kept in memory. */
  constructor(imageIds: readonly string[], center: number, limit: number, loaded: (count: number) => void) {
    this.#imageIds = imageIds;
    this.#center = center;
    this.#loaded = loaded;
    const nearest = imageIds.map((_, index) => index).sort((a, b) => Math.abs(a - center) - Math.abs(b - center));
    this.#waiting = new Set(nearest.slice(0, limit));
  }

  start(): void {
    while (this.#mayFetch) void this.#fetch(this.#take());
  }

  moveTo(center: number): void {
    this.#center = center;
  }

  cancel(): void {
    this.#ended.abort();
    forgetArrived(this.#ready);
    this.#ready = [];
  }

  cached(): number {
    return this.#imageIds.filter((imageId) => cache.isLoaded(imageId)).length;
  }

  get #isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  get #mayFetch(): boolean {
    return !this.#isEnded && this.#waiting.size > 0 && this.#fetching < FETCHING && this.#ready.length < MOST_READY;
  }

  #take(): string[] {
    let nearest = -1;
    for (const index of this.#waiting) {
      if (nearest < 0 || Math.abs(index - this.#center) < Math.abs(nearest - this.#center)) nearest = index;
    }
    const wanted = (index: number): boolean => this.#waiting.has(index) && !cache.isLoaded(this.#imageIds[index]!);
    const taken = together(this.#imageIds, nearest, wanted, TOGETHER);
    taken.forEach((index) => this.#waiting.delete(index));
    return taken.map((index) => this.#imageIds[index]!);
  }

  async #fetch(imageIds: readonly string[]): Promise<void> {
    this.#fetching += 1;
    if (!imageIds.every((imageId) => cache.isLoaded(imageId))) await fetchTogether(imageIds, this.#ended.signal).catch(() => undefined);
    this.#fetching -= 1;
    if (this.#isEnded) return forgetArrived(imageIds);
    this.#ready.push(...imageIds);
    this.#goOn();
  }

  #goOn(): void {
    while (!this.#isEnded && this.#decoding < DECODING && this.#ready.length > 0) void this.#load(this.#ready.shift()!);
    this.start();
  }

  async #load(imageId: string): Promise<void> {
    this.#decoding += 1;
    try {
      if (!cache.isLoaded(imageId)) {
        await imageLoader.loadAndCacheImage(imageId, { requestType: Enums.RequestType.Prefetch, priority: 0 } as never);
      }
    } catch {
      // The viewport says so in words when the frame is looked at.
    }
    this.#decoding -= 1;
    forgetArrived([imageId]);
    if (this.#isEnded) return;
    this.#loaded(this.cached());
    this.#goOn();
  }
}
