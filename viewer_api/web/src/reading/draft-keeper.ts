import { ApiError } from '../api/problem.ts';
import type { ReportContent } from '../api/types.ts';
import { debounce } from '../lib/debounce.ts';
import type { TextStorage } from '../lib/storage.ts';
import { sameStructure } from '../templates/structured-report.ts';

export type DraftState = 'clean' | 'dirty' | 'saving' | 'saved' | 'failed';

export interface LocalCopy {
  content: ReportContent;
  at: string;
}

export interface DraftKeeperOptions {
  initial: ReportContent;
  /** Puts the draft on the server; tells when it was saved. */
  save: (content: ReportContent) => Promise<{ saved_at: string }>;
  changed: () => void;
  /** The server said that the lease is not ours any more. */
  stale: () => void;
  storage: TextStorage;
  key: string;
}

const QUIET_MS = 2000;
const LONGEST_MS = 8000;
export const EMPTY: ReportContent = { findings: '', impression: '', positive: null, critical: '', structure: null };

const OPEN = new Set<DraftKeeper>();

/** Tries to save whatever is being written in this tab; true when the server has all of it. */
export async function saveOpenDrafts(): Promise<boolean> {
  const drafts = [...OPEN];
  await Promise.all(drafts.map((draft) => draft.flush()));
  return drafts.every(({ state }) => state === 'saved' || state === 'clean');
}

/** Saves a draft while it is written: on the server a few seconds behind, on this PC at once. */
export class DraftKeeper {
  content: ReportContent;
  state: DraftState = 'clean';
  savedAt: string | null = null;
  /** Something was written since the page was opened. */
  touched = false;

  readonly #options: DraftKeeperOptions;
  readonly #soon = debounce(() => void this.flush(), QUIET_MS, LONGEST_MS);
  #flight: Promise<void> | null = null;
  /** A flush that waits for the flight before it. */
  #queued: Promise<void> | null = null;
  /** The report is being handed over: nothing of the draft may arrive after it. */
  #handedOver = false;
  #closed = false;
  /** The server takes nothing more under this lease. */
  #stale = false;

  constructor(options: DraftKeeperOptions) {
    this.#options = options;
    this.content = options.initial;
    OPEN.add(this);
  }

  edit(change: Partial<ReportContent>): void {
    this.content = { ...this.content, ...change };
    this.touched = true;
    this.#keepLocally();
    if (this.#stale) {
      this.#become('failed');
      return;
    }
    this.#become('dirty');
    this.#soon();
  }

  /** Resolves when what is written now has been tried to be saved. */
  flush(): Promise<void> {
    this.#soon.cancel();
    return (this.#queued ??= this.#saveAfter(this.#flight));
  }

  /**
   * Does what ends our writing, as signing, while no saving is under way: a draft that overtakes it would be refused.
   * What is typed meanwhile is saved afterwards if the report stayed with us.
   */
  async handOver<T>(step: () => Promise<T>): Promise<T> {
    this.#soon.cancel();
    this.#handedOver = true;
    try {
      await this.#queued;
      await this.#flight;
      return await step();
    } finally {
      this.#handedOver = false;
      if (!this.#closed && this.#isUnsaved) this.#soon();
    }
  }

  /** After the report left our hands: nothing is saved any more, and the copy on this PC goes. */
  close({ keepCopy }: { keepCopy: boolean }): void {
    this.#closed = true;
    OPEN.delete(this);
    this.#soon.cancel();
    if (!keepCopy) this.#options.storage.set(this.#options.key, null);
  }

  get #isUnsaved(): boolean {
    return this.state === 'dirty' || this.state === 'failed';
  }

  async #saveAfter(flight: Promise<void> | null): Promise<void> {
    await flight;
    this.#queued = null;
    if (this.#closed || this.#stale || this.#handedOver || !this.#isUnsaved) return;
    this.#flight = this.#save();
    await this.#flight;
    this.#flight = null;
  }

  async #save(): Promise<void> {
    const sent = this.content;
    this.#become('saving');
    try {
      const { saved_at } = await this.#options.save(sent);
      this.savedAt = saved_at;
      if (this.content !== sent) this.#become('dirty');
      else this.#settled();
    } catch (error) {
      this.#stale = error instanceof ApiError && error.isConflict;
      this.#become('failed');
      if (this.#closed) return;
      if (this.#stale) this.#options.stale();
      else if (error instanceof ApiError && error.isUnreachable) this.#soon();
    }
  }

  #settled(): void {
    this.#options.storage.set(this.#options.key, null);
    this.#become('saved');
  }

  #keepLocally(): void {
    const copy: LocalCopy = { content: this.content, at: new Date().toISOString() };
    this.#options.storage.set(this.#options.key, JSON.stringify(copy));
  }

  #become(state: DraftState): void {
    this.state = state;
    if (!this.#closed) this.#options.changed();
  }
}

/** The copy on this PC, if it says something else than the server's draft. */
export function localCopy(storage: TextStorage, key: string, server: ReportContent): LocalCopy | null {
  try {
    const copy = JSON.parse(storage.get(key) ?? 'null') as LocalCopy | null;
    return copy !== null && !sameContent(copy.content, server) ? copy : null;
  } catch {
    return null;
  }
}

export function sameContent(a: ReportContent, b: ReportContent): boolean {
  const words = a.findings === b.findings && a.impression === b.impression && a.critical === b.critical;
  return words && a.positive === b.positive && sameStructure(a.structure, b.structure);
}

export function isEmpty(content: ReportContent): boolean {
  return sameContent(content, EMPTY);
}
