import { Cell } from '../store.ts';
import { debounce } from './debounce.ts';
import { lasting, type TextStorage } from './storage.ts';

/** A thing that a person set for himself, as the server keeps it. */
export interface KeptPreference {
  name: string;
  value: unknown;
  /** Counts how often it was set; 0 before the first time. */
  version: number;
}

/** Where preferences are kept for good. */
export interface PreferenceServer {
  load(): Promise<readonly KeptPreference[]>;
  save(name: string, value: unknown): Promise<KeptPreference>;
}

interface Known {
  value: unknown;
  version: number;
  /** Set here, and not yet known to the server. */
  unsent?: true;
}

const QUIET_MS = 1000;
const LONGEST_MS = 5000;
const keyOf = (username: string): string => `countyread.preferences.${username}`;

/** The preferences of whoever is logged in: at once from this PC, then as the server knows them; what is set is sent a moment later. */
export class PreferenceStore {
  readonly #storage: TextStorage;
  readonly #cells = new Map<string, { cell: Cell<unknown>; read: (value: unknown) => unknown }>();
  readonly #soon = debounce(() => void this.send(), QUIET_MS, LONGEST_MS);
  #known = new Map<string, Known>();
  #username = '';
  #server: PreferenceServer | null = null;

  constructor(storage: TextStorage = lasting) {
    this.#storage = storage;
  }

  /** `read` makes what was kept into a value, whatever an older version of the application may have kept. */
  cell<T>(name: string, read: (value: unknown) => T): Cell<T> {
    const known = this.#cells.get(name);
    if (known !== undefined) return known.cell as Cell<T>;
    const cell = new Cell<unknown>(read(this.#known.get(name)?.value));
    this.#cells.set(name, { cell, read });
    return cell as Cell<T>;
  }

  set(name: string, value: unknown): void {
    const version = this.#known.get(name)?.version ?? 0;
    this.#known.set(name, { value, version, unsent: true });
    this.#cells.get(name)?.cell.set(value);
    this.#keep();
    if (this.#server !== null) this.#soon();
  }

  /** Another person, or nobody. Resolves when the server has been asked. */
  async use(username: string, server: PreferenceServer | null): Promise<void> {
    if (username === this.#username) return;
    this.#soon.cancel();
    this.#username = username;
    this.#server = server;
    this.#known = this.#remembered();
    this.#show();
    if (server === null) return;
    try {
      const kept = await server.load();
      if (this.#server === server) this.#learn(kept);
    } catch {
      // What this PC knows will do until the next time.
    }
  }

  /** What another tab of this browser has kept. */
  reread(): void {
    if (this.#username === '') return;
    this.#known = this.#remembered();
    this.#show();
  }

  /** What has not been sent is sent; what cannot be now, with the next change or at the next start. */
  async send(): Promise<void> {
    this.#soon.cancel();
    for (const [name, known] of this.#known) {
      if (known.unsent === true && this.#server !== null) await this.#send(name, known, this.#server);
    }
  }

  async #send(name: string, sent: Known, server: PreferenceServer): Promise<void> {
    // The person is at work here and now: the last word is his, whatever another PC kept before.
    const kept = await server.save(name, sent.value).catch(() => null);
    if (kept === null || this.#server !== server) return;
    const now = this.#known.get(name);
    if (now === undefined) return;
    this.#known.set(name, now === sent ? { value: sent.value, version: kept.version } : { ...now, version: kept.version });
    this.#keep();
  }

  /** What was set here while the server could not be reached counts unless something newer was kept since. */
  #learn(kept: readonly KeptPreference[]): void {
    for (const { name, value, version } of kept) {
      const here = this.#known.get(name);
      if (here?.unsent === true && here.version >= version) continue;
      this.#known.set(name, { value, version });
    }
    this.#keep();
    this.#show();
    if ([...this.#known.values()].some(({ unsent }) => unsent === true)) this.#soon();
  }

  #show(): void {
    for (const [name, { cell, read }] of this.#cells) cell.set(read(this.#known.get(name)?.value));
  }

  #keep(): void {
    if (this.#username !== '') this.#storage.set(keyOf(this.#username), JSON.stringify([...this.#known]));
  }

  #remembered(): Map<string, Known> {
    try {
      const text = this.#username === '' ? null : this.#storage.get(keyOf(this.#username));
      return new Map(JSON.parse(text ?? '[]') as [string, Known][]);
    } catch {
      return new Map();
    }
  }
}

export const preferences = new PreferenceStore();

if (typeof addEventListener === 'function') {
  addEventListener('storage', ({ key }: StorageEvent) => key?.startsWith(keyOf('')) && preferences.reread());
}

/**
 * One thing that the person may set, kept with his account: `value` and `subscribe` as of a {@link Cell}, `set` keeps it.
 * Names are `area.thing` (`ecg.speed`). `check` tells whether what was kept still makes sense; otherwise `fallback` counts.
 */
export interface Preference<T> {
  readonly value: T;
  set(value: T): void;
  subscribe(listener: (value: T) => void): () => void;
}

export function preference<T>(name: string, fallback: T, check: (value: unknown) => value is T = likeFallback(fallback)): Preference<T> {
  const cell = preferences.cell<T>(name, (value) => (value !== undefined && check(value) ? value : fallback));
  return {
    get value() {
      return cell.value;
    },
    set: (value) => preferences.set(name, value),
    subscribe: (listener) => cell.subscribe(listener),
  };
}

/** The same kind of JSON as the fallback: enough for numbers, words and switches. */
function likeFallback<T>(fallback: T): (value: unknown) => value is T {
  const kind = kindOf(fallback);
  return (value): value is T => kindOf(value) === kind;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
