/** Steps that can be taken back, of words and fields together; typing in one field within a moment is one step. */
export class Undo<T> {
  #past: T[] = [];
  #future: T[] = [];
  #last: { mark: string; at: number } | null = null;

  static readonly ONE_STEP_MS = 1000;
  static readonly MOST = 200;

  /** To be called with what was there before each change; `mark` tells what is typed in, `''` begins a step for itself. */
  note(before: T, mark: string, now: number): void {
    const last = this.#last;
    this.#last = mark === '' ? null : { mark, at: now };
    this.#future = [];
    if (mark !== '' && last?.mark === mark && now - last.at < Undo.ONE_STEP_MS) return;
    this.#past = [...this.#past.slice(-Undo.MOST + 1), before];
  }

  back(present: T): T | null {
    return this.#move(this.#past, this.#future, present);
  }

  forth(present: T): T | null {
    return this.#move(this.#future, this.#past, present);
  }

  #move(from: T[], to: T[], present: T): T | null {
    const found = from.pop();
    this.#last = null;
    if (found === undefined) return null;
    to.push(present);
    return found;
  }
}
