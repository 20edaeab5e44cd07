import { Cell } from '../../store.ts';
import type { Measurement } from './kinds.ts';
import type { Change, Drawing, MeasurementList } from './measuring-api.ts';

/** What is asked of the server; see `MeasuringApi`. */
export interface Keeper {
  list(study: string): Promise<MeasurementList>;
  add(study: string, drawing: Drawing): Promise<Measurement>;
  change(study: string, known: Measurement, change: Change): Promise<Measurement>;
  remove(study: string, known: Measurement): Promise<void>;
}

/** A drawing that the server has not taken, or is not to take, has a number below 0. */
export function isUnsaved({ id }: Measurement): boolean {
  return id < 0;
}

interface Waiting {
  drawing: Drawing;
  shown: Measurement;
}

/** The measurements of one study: kept as they are drawn, and kept again when the line was lost meanwhile. */
export class StudyMeasurements {
  readonly items = new Cell<readonly Measurement[]>([]);
  readonly mayMeasure = new Cell(false);
  readonly #study: string;
  readonly #keeper: Keeper;
  readonly #isLineLost: (error: unknown) => boolean;
  #waiting: Waiting[] = [];
  #lastDraft = 0;
  #loading: Promise<void> | null = null;

  constructor(study: string, keeper: Keeper, isLineLost: (error: unknown) => boolean) {
    this.#study = study;
    this.#keeper = keeper;
    this.#isLineLost = isLineLost;
  }

  /** What the server has; what is being asked already is not asked twice. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null));
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { items, may_measure } = await this.#keeper.list(this.#study);
    this.mayMeasure.set(may_measure);
    this.items.set([...items, ...this.items.value.filter(isUnsaved)]);
  }

  /** Whether it may be moved and taken away: what is kept by whoever has the case, what is not kept by whoever drew it. */
  mayChange(one: Measurement): boolean {
    return this.mayMeasure.value || isUnsaved(one);
  }

  /**
   * It is seen at once; its figures are the server's as soon as it has taken it. Who may not measure in this study draws for
   * himself, until he leaves the page. Raises what is not a lost line.
   */
  async add(drawing: Drawing, shown: Omit<Measurement, 'id' | 'version' | 'author' | 'at'>): Promise<Measurement> {
    const draft: Measurement = { ...shown, id: --this.#lastDraft, version: 0, author: '', at: '' };
    this.items.set([...this.items.value, draft]);
    return this.mayMeasure.value ? this.#keep({ drawing, shown: draft }) : draft;
  }

  /** `found` is what was counted here meanwhile. */
  async change(known: Measurement, change: Change, found: Partial<Measurement> = {}): Promise<void> {
    this.#replace(known.id, { ...known, ...change, ...found });
    Object.assign(this.#waiting.find(({ shown }) => shown.id === known.id)?.drawing ?? {}, change);
    if (isUnsaved(known)) return;
    await this.#orReload(async () => this.#replace(known.id, await this.#keeper.change(this.#study, known, change)));
  }

  async remove(known: Measurement): Promise<void> {
    this.#waiting = this.#waiting.filter(({ shown }) => shown.id !== known.id);
    this.items.set(this.items.value.filter(({ id }) => id !== known.id));
    if (!isUnsaved(known)) await this.#orReload(() => this.#keeper.remove(this.#study, known));
  }

  /** Tries what has waited for the line. */
  async flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) await this.#keep(one);
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  async #keep(one: Waiting): Promise<Measurement> {
    try {
      const kept = await this.#keeper.add(this.#study, one.drawing);
      this.#replace(one.shown.id, kept);
      return kept;
    } catch (error) {
      if (this.#isLineLost(error)) {
        this.#waiting.push(one);
        return one.shown;
      }
      this.items.set(this.items.value.filter(({ id }) => id !== one.shown.id));
      throw error;
    }
  }

  /** What could not be changed is shown again as the server has it. */
  async #orReload(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await this.load().catch(() => undefined);
      throw error;
    }
  }

  #replace(id: number, by: Measurement): void {
    this.items.set(this.items.value.map((one) => (one.id === id ? by : one)));
  }
}
