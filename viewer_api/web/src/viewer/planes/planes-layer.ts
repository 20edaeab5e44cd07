import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { AppElement } from '../../ui/element.ts';
import { base } from '../../ui/styles.ts';
import { numberOf, Tag } from '../dicom-json.ts';
import { frameNumber, type Frame } from '../frames.ts';
import type { Placement } from '../measuring/placement.ts';
import { bytesOf } from './overlay-data.ts';
import { bitmapOn, overlayPlanes, pointsOf, type OverlayPlane } from './overlay-planes.ts';
import { shutterOf, type Opening, type Shutter } from './shutter.ts';

/** Red, green, blue and opacity. The standard leaves open how planes look (PS3.3 C.9.2); regions let the image shine through. */
const GRAPHICS = [255, 255, 255, 255] as const;
const REGION = [79, 216, 196, 102] as const;

interface Picture {
  plane: OverlayPlane;
  canvas: OffscreenCanvas;
}

/**
 * What an image brings along to be seen with it: its overlay planes and its shutter. They are drawn over whatever engine draws the
 * image, which tells no more than its placement.
 */
@customElement('planes-layer')
export class PlanesLayer extends AppElement {
  @property({ attribute: false }) frame: Frame | null = null;
  @property({ attribute: false }) placement: Placement | null = null;
  @property({ type: Boolean }) overlays = true;
  @property({ type: Boolean }) shutter = true;
  /** Of the frame that is named; those of another one are never seen. */
  @state() private pictures: { imageId: string; pictures: readonly Picture[] } | null = null;
  @state() private failed = false;
  @query('canvas') private canvas!: HTMLCanvasElement;

  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }
      canvas {
        width: 100%;
        height: 100%;
      }
      p {
        position: absolute;
        inset: auto 0 8px;
        width: max-content;
        max-width: 90%;
        margin: 0 auto;
        color: #e8bd4e;
        text-shadow: 0 0 3px #000;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('frame') && !changed.has('overlays')) return;
    if (this.overlays && this.frame !== null && this.pictures?.imageId !== this.frame.imageId) void this.#load(this.frame);
  }

  override render(): TemplateResult {
    return html`<canvas aria-hidden="true"></canvas>${this.overlays && this.failed ? html`<p role="alert">${t('viewer.overlays.failed')}</p>` : nothing}`;
  }

  protected override updated(): void {
    this.#draw();
  }

  async #load(frame: Frame): Promise<void> {
    this.failed = false;
    const planes = overlayPlanes(frame.instance).filter((plane) => bitmapOn(plane, frameNumber(frame)) !== null);
    const pictures = await Promise.all(planes.map((plane) => pictureOf(plane, frameNumber(frame)).catch(() => null)));
    if (this.frame?.imageId !== frame.imageId) return;
    this.failed = pictures.includes(null);
    this.pictures = { imageId: frame.imageId, pictures: pictures.filter((picture) => picture !== null) };
  }

  #draw(): void {
    const { canvas, frame, placement } = this;
    const ratio = globalThis.devicePixelRatio || 1;
    const pictures = this.overlays && this.pictures?.imageId === frame?.imageId ? (this.pictures?.pictures ?? []) : [];
    const shutter = this.shutter && frame !== null ? shutterOf(frame.instance) : null;
    const isSeen = placement !== null && frame !== null && (pictures.length > 0 || shutter !== null);
    this.dataset['drawn'] = isSeen ? [...pictures.map(({ plane }) => plane.group), ...(shutter === null ? [] : ['shutter'])].join(' ') : '';
    // A canvas that shows nothing costs memory all the same.
    canvas.width = isSeen ? Math.round(this.clientWidth * ratio) : 0;
    canvas.height = isSeen ? Math.round(this.clientHeight * ratio) : 0;
    const context = isSeen ? canvas.getContext('2d') : null;
    if (context === null || !isSeen) return;
    const { origin, column, row } = placement;
    context.setTransform(column[0] * ratio, column[1] * ratio, row[0] * ratio, row[1] * ratio, origin[0] * ratio, origin[1] * ratio);
    const size = [numberOf(frame.instance, Tag.Columns) ?? 0, numberOf(frame.instance, Tag.Rows) ?? 0] as const;
    context.beginPath();
    context.rect(0, 0, ...size);
    context.clip();
    if (shutter !== null) cover(context, shutter, size);
    context.imageSmoothingEnabled = Math.hypot(...column) * ratio < 1;
    context.imageSmoothingQuality = 'high';
    for (const { plane, canvas: picture } of pictures) context.drawImage(picture, plane.column - 1, plane.row - 1);
  }
}

async function pictureOf(plane: OverlayPlane, frame: number): Promise<Picture> {
  const points = pointsOf(plane, await bytesOf(plane.data), bitmapOn(plane, frame) ?? 0);
  const { columns, rows } = plane;
  const canvas = new OffscreenCanvas(columns, rows);
  const pixels = new Uint32Array(columns * rows);
  const ink = new Uint32Array(Uint8Array.from(plane.isRegion ? REGION : GRAPHICS).buffer)[0]!;
  for (let n = 0; n < points.length; n++) if (points[n] === 1) pixels[n] = ink;
  canvas.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows), 0, 0);
  return { plane, canvas };
}

function cover(context: CanvasRenderingContext2D, { openings, grey }: Shutter, [width, height]: readonly [number, number]): void {
  context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
  for (const opening of openings) {
    context.beginPath();
    context.rect(0, 0, width, height);
    outline(context, opening);
    context.fill('evenodd');
  }
}

function outline(context: CanvasRenderingContext2D, opening: Opening): void {
  if (opening.shape === 'ellipse') {
    context.moveTo(opening.centre[0] + opening.radii[0], opening.centre[1]);
    context.ellipse(...opening.centre, ...opening.radii, 0, 0, 2 * Math.PI);
  } else if (opening.shape === 'polygon') {
    opening.vertices.forEach(([x, y], n) => (n === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
  } else {
    context.rect(opening.left, opening.top, opening.right - opening.left, opening.bottom - opening.top);
  }
}
