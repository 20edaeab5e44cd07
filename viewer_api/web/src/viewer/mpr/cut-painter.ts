import { centred, fit, zoomAt, type Placement, type Size } from '../pan-zoom.ts';
import type { Look, Voi } from '../stack-view.ts';
import { windowed, type Cut } from './reslice.ts';

/** Draws a cut true to its millimetres, and knows where each of its values lies on the screen. */
export class CutPainter {
  readonly #picture = new OffscreenCanvas(1, 1);
  /** In CSS pixels per millimetre. */
  #placement: Placement | null = null;
  #frame: Size = { width: 1, height: 1 };
  #cut: Cut | null = null;
  /** How the next cut is to be shown. */
  #next: Look | null = null;

  get cut(): Cut | null {
    return this.#cut;
  }

  /** CSS pixels per millimetre. */
  get scale(): number {
    return this.#placement?.scale ?? 1;
  }

  /** Takes another cut; one of another size is shown whole. */
  take(cut: Cut, voi: Voi, inverted: boolean): void {
    const isOther = this.#cut?.width !== cut.width || this.#cut.height !== cut.height;
    this.#cut = cut;
    if (this.#next !== null) this.setLook(this.#next);
    else if (isOther) this.whole();
    this.#next = null;
    this.#picture.width = cut.width;
    this.#picture.height = cut.height;
    const pixels = new ImageData(windowed(cut, voi, inverted), cut.width, cut.height);
    this.#picture.getContext('2d')!.putImageData(pixels, 0, 0);
  }

  /** Shows the next cut so, whatever its size. */
  keep(look: Look): void {
    this.#next = look;
  }

  /** The element has that many CSS pixels now. */
  resize(frame: Size): void {
    const wasWhole = this.#isWhole;
    this.#frame = frame;
    if (wasWhole) this.whole();
  }

  whole(): void {
    this.#placement = this.#cut === null ? null : fit(this.#mm, this.#frame);
  }

  zoom(factor: number, at = { x: this.#frame.width / 2, y: this.#frame.height / 2 }): void {
    if (this.#placement !== null) this.#placement = zoomAt(this.#placement, factor, at);
  }

  pan(dx: number, dy: number): void {
    if (this.#placement !== null) this.#placement = { ...this.#placement, x: this.#placement.x + dx, y: this.#placement.y + dy };
  }

  look(): Look {
    const whole = fit(this.#mm, this.#frame);
    const now = this.#placement ?? whole;
    const middle = centred(this.#mm, this.#frame, now.scale);
    const height = this.#frame.height || 1;
    return { zoom: now.scale / whole.scale, pan: [(now.x - middle.x) / height, (now.y - middle.y) / height] };
  }

  setLook({ zoom, pan }: Look): void {
    const whole = fit(this.#mm, this.#frame);
    const middle = centred(this.#mm, this.#frame, whole.scale * zoom);
    const height = this.#frame.height;
    this.#placement = { ...middle, x: middle.x + pan[0] * height, y: middle.y + pan[1] * height };
  }

  draw(canvas: HTMLCanvasElement): void {
    const ratio = globalThis.devicePixelRatio || 1;
    canvas.width = Math.round(this.#frame.width * ratio);
    canvas.height = Math.round(this.#frame.height * ratio);
    const context = canvas.getContext('2d');
    if (context === null || this.#placement === null) return;
    const { x, y, scale } = this.#placement;
    const { width, height } = this.#mm;
    context.imageSmoothingQuality = 'high';
    context.drawImage(this.#picture, x * ratio, y * ratio, width * scale * ratio, height * scale * ratio);
  }

  /** CSS pixels of the middle of a value. */
  toScreen([x, y]: readonly [number, number]): readonly [number, number] {
    const [mmX, mmY] = this.#cut?.spacing ?? [1, 1];
    const { x: left, y: top, scale } = this.#placement ?? { x: 0, y: 0, scale: 1 };
    return [left + (x + 0.5) * mmX * scale, top + (y + 0.5) * mmY * scale];
  }

  fromScreen([x, y]: readonly [number, number]): readonly [number, number] {
    const [mmX, mmY] = this.#cut?.spacing ?? [1, 1];
    const { x: left, y: top, scale } = this.#placement ?? { x: 0, y: 0, scale: 1 };
    return [(x - left) / scale / mmX - 0.5, (y - top) / scale / mmY - 0.5];
  }

  get #mm(): Size {
    const { width, height, spacing } = this.#cut ?? { width: 1, height: 1, spacing: [1, 1] as const };
    return { width: width * spacing[0], height: height * spacing[1] };
  }

  get #isWhole(): boolean {
    const { zoom, pan } = this.look();
    return Math.abs(zoom - 1) < 0.001 && Math.hypot(...pan) < 0.001;
  }
}
