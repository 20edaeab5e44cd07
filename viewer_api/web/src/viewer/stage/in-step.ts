import { along, areParallel, nearestTo, shareFrame, type ImagePlane } from './geometry.ts';

/** A stack as it is looked at. */
export interface Slices {
  /** Names the stack, for what is kept of it. */
  key: string;
  planes: readonly (ImagePlane | null)[];
  index: number;
}

/**
 * Keeps parallel stacks at the same place of the patient. Between frames of reference nobody knows how places belong together:
 * there the distance that the reader has left between them is kept.
 */
export class InStep {
  readonly #offsets = new Map<string, number>();

  /** The image of `to` that belongs to the one of `from`; `before`: the image of `from` until now. */
  follow(from: Slices, before: number, to: Slices): number | null {
    const [here, there] = [from.planes[from.index] ?? null, to.planes[to.index] ?? null];
    if (here === null || there === null || !areParallel(here, there)) return null;
    const offset = shareFrame(here, there) ? 0 : this.#offset(from, from.planes[before] ?? here, to, there);
    return nearestTo(to.planes, here.normal, along(here.normal, here) + offset);
  }

  /** What the reader moves by itself next sets the distance anew. */
  forget(): void {
    this.#offsets.clear();
  }

  #offset(from: Slices, was: ImagePlane, to: Slices, there: ImagePlane): number {
    const pair = `${from.key} ${to.key}`;
    const known = this.#offsets.get(pair);
    if (known !== undefined) return known;
    const offset = along(was.normal, there) - along(was.normal, was);
    this.#offsets.set(pair, offset);
    this.#offsets.set(`${to.key} ${from.key}`, -offset);
    return offset;
  }
}
