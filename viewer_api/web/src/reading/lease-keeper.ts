import { ApiError } from '../api/problem.ts';
import type { HeldLease } from './lease-memory.ts';

export type LeaseState = 'held' | 'unsure' | 'lost';

export interface LeaseApi {
  heartbeat(id: number, token: string): Promise<{ lease_expires_at: string }>;
}

const HEARTBEAT_MS = 60_000;
const RETRY_MS = 10_000;

/** Keeps a claim alive while the page is open; says when it is lost. A network fault is not a loss. */
export class LeaseKeeper {
  readonly taskId: number;
  lease: HeldLease;
  state: LeaseState = 'held';

  readonly #api: LeaseApi;
  readonly #changed: (keeper: LeaseKeeper) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(taskId: number, lease: HeldLease, api: LeaseApi, changed: (keeper: LeaseKeeper) => void) {
    this.taskId = taskId;
    this.lease = lease;
    this.#api = api;
    this.#changed = changed;
    this.#later(HEARTBEAT_MS);
  }

  async beat(): Promise<void> {
    try {
      const { lease_expires_at } = await this.#api.heartbeat(this.taskId, this.lease.token);
      this.lease = { ...this.lease, expiresAt: lease_expires_at };
      this.#become('held', HEARTBEAT_MS);
    } catch (error) {
      const refused = error instanceof ApiError && [403, 404, 409].includes(error.status);
      if (refused) this.lose();
      else this.#become('unsure', RETRY_MS);
    }
  }

  /** Also called when another write was refused for a stale lease. */
  lose(): void {
    if (this.#stopped || this.state === 'lost') return;
    this.#become('lost', null);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #become(state: LeaseState, nextMs: number | null): void {
    if (this.#stopped) return;
    this.state = state;
    clearTimeout(this.#timer);
    if (nextMs !== null) this.#later(nextMs);
    this.#changed(this);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.beat(), ms);
  }
}
