import { ApiError } from '../api/problem.ts';
import type { Found } from './gather.ts';
import type { Sending } from './send-file.ts';
import type { Upload, UploadedFile } from './types.ts';

export type ItemState = 'waiting' | 'sending' | 'done' | 'failed' | 'cancelled';

export interface Item {
  id: number;
  file: File;
  name: string;
  size: number;
  state: ItemState;
  sent: number;
  attempts: number;
  result: UploadedFile | null;
  error: unknown;
}

export interface Server {
  begin: (institution: string) => Promise<Upload>;
  complete: (id: string) => Promise<Upload>;
  show: (id: string) => Promise<Upload>;
  send: (sending: Omit<Sending, 'token'>) => Promise<UploadedFile>;
}

interface Times {
  retry: number;
  look: number;
}

const AT_ONCE = 3;
const ATTEMPTS = 5;
const LOOKS = 20;
const TIMES: Times = { retry: 3000, look: 2000 };

/** Files on their way: three at a time, again when the line breaks, until all have come; then the upload is completed. */
export class UploadQueue {
  readonly items: Item[] = [];
  paused = false;
  /** The upload as the server sees it once everything has been sent. */
  upload: Upload | null = null;
  error: unknown = null;
  #startedAt = 0;
  #id: Promise<string> | null = null;
  #institution = '';
  #aborts = new Map<Item, AbortController>();
  #lastId = 0;
  #generation = 0;
  readonly #server: Server;
  readonly #changed: () => void;
  readonly #times: Times;

  constructor(server: Server, changed: () => void, times: Times = TIMES) {
    this.#server = server;
    this.#changed = changed;
    this.#times = times;
  }

  get isBusy(): boolean {
    return this.items.some(({ state }) => state === 'waiting' || state === 'sending');
  }

  get total(): number {
    return this.#counted().reduce((sum, { size }) => sum + size, 0);
  }

  get sent(): number {
    return this.#counted().reduce((sum, item) => sum + (item.state === 'done' ? item.size : Math.min(item.sent, item.size)), 0);
  }

  get failed(): readonly Item[] {
    return this.items.filter(({ state }) => state === 'failed');
  }

  /** Seconds until all has been sent, as it looks by now; null while nobody can tell. */
  secondsLeft(now: number): number | null {
    const seconds = (now - this.#startedAt) / 1000;
    if (!this.isBusy || this.paused || seconds < 2 || this.sent === 0) return null;
    return ((this.total - this.sent) / this.sent) * seconds;
  }

  /** Files for the patients of `institution`; after a finished upload a new one begins. */
  add(found: readonly Found[], institution: string): void {
    if (found.length === 0) return;
    if (!this.isBusy && this.failed.length === 0) this.clear();
    if (!this.isBusy) this.#startedAt = Date.now();
    this.#institution = institution;
    for (const { file, name } of found) {
      this.items.push({ id: ++this.#lastId, file, name, size: file.size, state: 'waiting', sent: 0, attempts: 0, result: null, error: null });
    }
    this.#go();
  }

  pause(): void {
    this.paused = true;
    for (const [item, abort] of this.#aborts) {
      item.state = 'waiting';
      item.sent = 0;
      abort.abort();
    }
    this.#changed();
  }

  resume(): void {
    this.paused = false;
    this.#startedAt = Date.now();
    this.#go();
  }

  cancel(item: Item): void {
    if (item.state === 'done') return;
    item.state = 'cancelled';
    this.#aborts.get(item)?.abort();
    this.#go();
  }

  cancelAll(): void {
    for (const item of this.items) if (item.state !== 'done') item.state = 'cancelled';
    for (const abort of this.#aborts.values()) abort.abort();
    this.paused = false;
    this.#go();
  }

  retry(...items: readonly Item[]): void {
    for (const item of items) Object.assign(item, { state: 'waiting', sent: 0, attempts: 0, error: null });
    this.error = null;
    this.#go();
  }

  /** Forgets everything, so that another upload may begin. */
  clear(): void {
    this.#generation += 1;
    for (const abort of this.#aborts.values()) abort.abort();
    this.items.length = 0;
    this.upload = null;
    this.error = null;
    this.paused = false;
    this.#id = null;
    this.#changed();
  }

  #counted(): Item[] {
    return this.items.filter(({ state }) => state !== 'cancelled');
  }

  #go(): void {
    while (!this.paused && this.#aborts.size < AT_ONCE) {
      const next = this.items.find((item) => item.state === 'waiting' && !this.#aborts.has(item));
      if (next === undefined) break;
      void this.#send(next);
    }
    if (!this.isBusy && this.failed.length === 0 && this.#aborts.size === 0) void this.#finish();
    this.#changed();
  }

  async #send(item: Item): Promise<void> {
    const abort = new AbortController();
    const generation = this.#generation;
    this.#aborts.set(item, abort);
    item.state = 'sending';
    item.attempts += 1;
    try {
      const id = await this.#begun();
      item.result = await this.#server.send({
        path: `/api/v1/uploads/${id}/files/${item.id}`,
        file: item.file,
        name: item.name,
        signal: abort.signal,
        onProgress: (sent) => this.#progress(item, sent),
      });
      item.state = 'done';
    } catch (error) {
      if (!abort.signal.aborted) await this.#failed(item, error, abort.signal);
    } finally {
      this.#aborts.delete(item);
    }
    if (generation === this.#generation) this.#go();
  }

  #progress(item: Item, sent: number): void {
    item.sent = sent;
    this.#changed();
  }

  async #failed(item: Item, error: unknown, signal: AbortSignal): Promise<void> {
    item.sent = 0;
    const again = error instanceof ApiError && error.isUnreachable && item.attempts < ATTEMPTS;
    if (!again) {
      item.state = 'failed';
      item.error = error;
      return;
    }
    this.#changed();
    await pauseFor(this.#times.retry * item.attempts, signal);
    if (item.state === 'sending') item.state = 'waiting';
  }

  /** The upload that all files belong to, begun with the first of them. */
  #begun(): Promise<string> {
    if (this.#id === null) {
      const begun = this.#server.begin(this.#institution).then(({ id }) => id);
      this.#id = begun;
      begun.catch(() => {
        if (this.#id === begun) this.#id = null;
      });
    }
    return this.#id;
  }

  async #finish(): Promise<void> {
    if (this.#id === null || this.upload !== null || !this.items.some(({ state }) => state === 'done')) return;
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation;
    try {
      const id = await this.#id;
      const done = await this.#server.complete(id);
      if (!current()) return;
      this.upload = done;
      this.error = null;
      for (let look = 0; look < LOOKS && (this.upload?.counts.taken ?? 0) > 0; look += 1) {
        this.#changed();
        await pauseFor(this.#times.look);
        const seen = current() ? await this.#server.show(id).catch(() => null) : null;
        if (!current()) return;
        this.upload = seen ?? this.upload;
      }
    } catch (error) {
      if (current()) this.error = error;
    }
    this.#changed();
  }

  /** After the end could not be told to the server. */
  finishAgain(): void {
    this.error = null;
    void this.#finish();
  }
}

function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
