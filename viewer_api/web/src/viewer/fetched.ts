const MOST = 20_000;

/** Addresses of frames that came to this page lately. */
class Addresses {
  readonly #kept = new Set<string>();

  add(url: string): void {
    this.#kept.delete(url);
    this.#kept.add(url);
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.values().next().value!);
  }

  has(url: string): boolean {
    return this.#kept.has(url);
  }
}

/** In whatever answer they came. */
export const cameHere = new Addresses();

/** In an answer of their own: the browser has them under their own address. */
export const cameAlone = new Addresses();
