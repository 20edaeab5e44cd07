import { POINTS, TWO_LINES, type Kind, type Point } from './kinds.ts';

/**
 * Drawing with the mouse, point by point: a drag makes a line, and so do two clicks. The last point hangs on the pointer until
 * it is set; a third point of an angle, and a second line, come after.
 */
export class Pen {
  readonly kind: Kind;
  #points: Point[] = [];
  #hangs = false;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** What there is so far, the hanging point included. */
  get points(): readonly Point[] {
    return this.#points;
  }

  get isDone(): boolean {
    return !this.#hangs && this.#points.length === POINTS[this.kind];
  }

  press(at: Point): void {
    if (this.#hangs) {
      this.move(at);
      return;
    }
    this.#points.push(at);
    if (POINTS[this.kind] === 1) return;
    this.#points.push(at);
    this.#hangs = true;
  }

  move(at: Point): void {
    if (this.#hangs) this.#points[this.#points.length - 1] = at;
  }

  /** `far`: whether the pointer is far enough from the point before to be another one. */
  release(at: Point, far: boolean): void {
    if (!this.#hangs) return;
    this.move(at);
    if (!far) return;
    this.#hangs = false;
    const isOpen = this.#points.length < POINTS[this.kind] && !TWO_LINES.has(this.kind);
    if (!isOpen) return;
    this.#points.push(at);
    this.#hangs = true;
  }
}
