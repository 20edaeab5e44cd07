import type { Result, ResultPage } from '../api/types.ts';
import type { TextStorage } from '../lib/storage.ts';

export interface ResultsApi {
  results(after: number, limit: number): Promise<ResultPage>;
  receipt(seq: number): Promise<unknown>;
}

const PAGE = 200;

/** A clinic's results that it has not confirmed yet. Remembers up to where everything has been confirmed. */
export class ResultsBox {
  /** The last result of each report that waits for a receipt, the newest first. */
  unread: readonly Result[] = [];

  readonly #api: ResultsApi;
  readonly #storage: TextStorage;
  readonly #key: string;
  #open: Result[] = [];

  constructor(api: ResultsApi, storage: TextStorage, institution: string) {
    this.#api = api;
    this.#storage = storage;
    this.#key = `countyread.results.${institution}`;
  }

  async refresh(): Promise<void> {
    const results = await this.#after(this.#floor);
    this.#raiseFloor(results);
    this.#open = results.filter(({ received_at }) => received_at === null);
    this.unread = lastOfEachReport(this.#open);
  }

  unreadOf(studyUid: string): Result | null {
    return this.unread.find(({ study_instance_uid }) => study_instance_uid === studyUid) ?? null;
  }

  /** Confirms the report's results, older versions included, in their order. */
  async confirm({ report_id }: Result): Promise<void> {
    for (const result of this.#open.filter((one) => one.report_id === report_id)) await this.#api.receipt(result.seq);
    await this.refresh();
  }

  async #after(floor: number): Promise<Result[]> {
    const found: Result[] = [];
    let after = floor;
    for (;;) {
      const { items, next } = await this.#api.results(after, PAGE);
      found.push(...items);
      if (items.length < PAGE || next <= after) return found;
      after = next;
    }
  }

  get #floor(): number {
    return Number(this.#storage.get(this.#key) ?? 0) || 0;
  }

  #raiseFloor(results: readonly Result[]): void {
    const firstOpen = results.findIndex(({ received_at }) => received_at === null);
    const last = results[(firstOpen === -1 ? results.length : firstOpen) - 1];
    if (last !== undefined) this.#storage.set(this.#key, String(last.seq));
  }
}

function lastOfEachReport(results: readonly Result[]): Result[] {
  const last = new Map(results.map((result) => [result.report_id, result]));
  return [...last.values()].sort((a, b) => Number(b.critical !== '') - Number(a.critical !== '') || b.seq - a.seq);
}
