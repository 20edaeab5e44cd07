import { fetchTogether, forgetArrived, isHere, slicesTogether, together } from './batches.ts';

/** Answers awaited at once. Over HTTP/1.1 a browser opens six connections: one has the stream of events, one is for what is looked at. */
const FETCHING = 4;
const DECODING = 2;
/** Frames that are here and not decoded yet, by their decoded size. While there are so many, the line rests. */
const READY_BYTES = 64 * 1024 * 1024;
const FEWEST_READY = 4;

export interface Stack {
  imageIds: readonly string[];
  /** Index of the frame that is looked at first. */
  first: number;
  /** How many frames may be kept in memory. */
  most: number;
  /** Decoded. */
  bytesPerFrame: number;
}

/** Where frames become images. */
export interface Images {
  isLoaded(imageId: string): boolean;
  load(imageId: string): Promise<unknown>;
}

/**
 * Fetches the frames of a stack, nearest to the one that is looked at first, many with one request. The next are fetched
 * while others are decoded: neither the line nor the processor waits for the other.
 */
export class Prefetch {
  /** How many frames are fetched, the first included. */
  readonly kept: number;
  readonly #images: Images;
  readonly #imageIds: readonly string[];
  readonly #loaded: (count: number) => void;
  readonly #waiting: Set<number>;
  /** Those that did not come together with others. */
  readonly #single = new Set<string>();
  readonly #ended = new AbortController();
  readonly #together: number;
  readonly #mostReady: number;
  #ready: string[] = [];
  #center: number;
  #fetching = 0;
  #decoding = 0;

  /** The first frame that is looked at is fetched by who shows it. `loaded` hears how many are there. */
  constructor(images: Images, { imageIds, first, most, bytesPerFrame }: Stack, loaded: (count: number) => void) {
    this.#images = images;
    this.#imageIds = imageIds;
    this.#center = first;
    this.#loaded = loaded;
    this.#together = slicesTogether(bytesPerFrame);
    this.#mostReady = Math.max(FEWEST_READY, Math.floor(READY_BYTES / Math.max(1, bytesPerFrame)));
    const nearest = imageIds.map((_, index) => index).sort((a, b) => Math.abs(a - first) - Math.abs(b - first));
    this.#waiting = new Set(nearest.slice(1, most));
    this.kept = Math.min(imageIds.length, most);
  }

  start(): void {
    while (this.#mayFetch) void this.#fetch(this.#take());
  }

  /** While the first frame still comes: where frames are small, it is here before the answers to what is asked meanwhile. */
  startBeside(): void {
    if (this.#together > 1) this.start();
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
    return this.#imageIds.filter((imageId) => this.#images.isLoaded(imageId)).length;
  }

  get #isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  get #mayFetch(): boolean {
    return !this.#isEnded && this.#waiting.size > 0 && this.#fetching < FETCHING && this.#ready.length < this.#mostReady;
  }

  #take(): string[] {
    let nearest = -1;
    for (const index of this.#waiting) {
      if (nearest < 0 || Math.abs(index - this.#center) < Math.abs(nearest - this.#center)) nearest = index;
    }
    const taken = this.#isAlone(nearest) ? [nearest] : together(this.#imageIds, nearest, (index) => this.#mayCome(index), this.#together);
    taken.forEach((index) => this.#waiting.delete(index));
    return taken.map((index) => this.#imageIds[index]!);
  }

  /** What the browser's cache has under its own address is not asked for again with others. */
  #isAlone(index: number): boolean {
    const imageId = this.#imageIds[index]!;
    return this.#single.has(imageId) || isHere(imageId);
  }

  #mayCome(index: number): boolean {
    return this.#waiting.has(index) && !this.#images.isLoaded(this.#imageIds[index]!) && !this.#isAlone(index);
  }

  async #fetch(imageIds: readonly string[]): Promise<void> {
    this.#fetching += 1;
    const left = new Set(imageIds);
    const came = (imageId: string): void => {
      left.delete(imageId);
      this.#arrived(imageId);
    };
    if (!imageIds.every((imageId) => this.#images.isLoaded(imageId))) {
      await fetchTogether(imageIds, this.#ended.signal, came).catch(() => undefined);
    }
    this.#fetching -= 1;
    if (imageIds.length > 1) this.#askSingly(left);
    else left.forEach((imageId) => this.#arrived(imageId));
    this.#goOn();
  }

  /** What cannot be fetched alone either is left to the loader, which says why when somebody looks at it. */
  #arrived(imageId: string): void {
    if (this.#isEnded) return forgetArrived([imageId]);
    this.#ready.push(imageId);
    this.#goOn();
  }

  #askSingly(imageIds: ReadonlySet<string>): void {
    imageIds.forEach((imageId) => {
      this.#single.add(imageId);
      this.#waiting.add(this.#imageIds.indexOf(imageId));
    });
  }

  #goOn(): void {
    while (!this.#isEnded && this.#decoding < DECODING && this.#ready.length > 0) void this.#load(this.#ready.shift()!);
    this.start();
  }

  async #load(imageId: string): Promise<void> {
    this.#decoding += 1;
    try {
      if (!this.#images.isLoaded(imageId)) await this.#images.load(imageId);
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
