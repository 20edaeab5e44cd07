import { cache, Enums, imageLoader } from '@cornerstonejs/core';

import { fetchTogether, forgetArrived, together } from './batches.ts';

const PARALLEL = 4;
const TOGETHER = 16;

/** Fetches the frames of a stack nearest to the one that is looked at first, a few at a time; those of one object together. */
export class Prefetch {
  readonly #imageIds: readonly string[];
  readonly #loaded: (count: number) => void;
  readonly #waiting: Set<number>;
  #center: number;
  #running = 0;
  #cancelled = false;

  /** `limit`: how many frames may be kept in memory. */
  constructor(imageIds: readonly string[], center: number, limit: number, loaded: (count: number) => void) {
    this.#imageIds = imageIds;
    this.#center = center;
    this.#loaded = loaded;
    const nearest = imageIds.map((_, index) => index).sort((a, b) => Math.abs(a - center) - Math.abs(b - center));
    this.#waiting = new Set(nearest.slice(0, limit));
  }

  start(): void {
    while (!this.#cancelled && this.#running < PARALLEL && this.#waiting.size > 0) void this.#fetchAll(this.#take());
  }

  moveTo(center: number): void {
    this.#center = center;
  }

  cancel(): void {
    this.#cancelled = true;
    forgetArrived();
  }

  cached(): number {
    return this.#imageIds.filter((imageId) => cache.isLoaded(imageId)).length;
  }

  #take(): number[] {
    let nearest = -1;
    for (const index of this.#waiting) {
      if (nearest < 0 || Math.abs(index - this.#center) < Math.abs(nearest - this.#center)) nearest = index;
    }
    const wanted = (index: number): boolean => this.#waiting.has(index) && !cache.isLoaded(this.#imageIds[index]!);
    const taken = together(this.#imageIds, nearest, wanted, TOGETHER);
    taken.forEach((index) => this.#waiting.delete(index));
    return taken;
  }

  async #fetchAll(indexes: readonly number[]): Promise<void> {
    this.#running += 1;
    const imageIds = indexes.map((index) => this.#imageIds[index]!);
    await fetchTogether(imageIds).catch(() => undefined);
    for (const imageId of imageIds) if (!this.#cancelled) await this.#load(imageId);
    this.#running -= 1;
    if (!this.#cancelled) this.start();
  }

  async #load(imageId: string): Promise<void> {
    try {
      if (!cache.isLoaded(imageId)) {
        await imageLoader.loadAndCacheImage(imageId, { requestType: Enums.RequestType.Prefetch, priority: 0 } as never);
      }
    } catch {
      // The viewport says so in words when the frame is looked at.
    }
    if (!this.#cancelled) this.#loaded(this.cached());
  }
}
