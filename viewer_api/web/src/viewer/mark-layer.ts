import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { numberOf, Tag, textOf } from './dicom-json.ts';
import type { Frame } from './frames.ts';
import { markShape, markStyles } from './mark-shape.ts';
import { imageBox, placeMark, regionOf, type Box, type MarkShape, type Point, type Region } from './marks.ts';

const SMALLEST = 0.01;

/**
 * A sheet over the viewport on which the reader draws a rectangle or an arrow. The image below it is shown whole and upright,
 * which the one who puts the sheet there sees to.
 */
@customElement('mark-layer')
export class MarkLayer extends AppElement {
  @property() series = '';
  @property({ attribute: false }) frame: Frame | null = null;
  @property() shape: MarkShape = 'rectangle';
  @state() private from: Point | null = null;
  @state() private to: Point | null = null;
  @state() private size = { width: 0, height: 0 };
  readonly #resizes = new ResizeObserver(() => this.#measure());

  static override styles = [
    base,
    markStyles,
    css`
      :host {
        position: absolute;
        inset: 0;
        z-index: 3;
        cursor: crosshair;
        touch-action: none;
      }
      svg {
        width: 100%;
        height: 100%;
      }
      p {
        position: absolute;
        inset: 8px 0 auto;
        justify-self: center;
        width: max-content;
        max-width: 90%;
        margin: 0 auto;
        padding: 4px 12px;
        border-radius: 4px;
        background: rgb(0 0 0 / 75%);
        color: #ffd54a;
        pointer-events: none;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(placeMark);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
    this.addEventListener('pointerdown', this.#down);
    this.addEventListener('pointermove', this.#move);
    this.addEventListener('pointerup', this.#up);
    this.addEventListener('wheel', (event) => event.preventDefault(), { passive: false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  override render(): TemplateResult {
    const region = this.#region;
    return html`<svg data-testid="mark-layer" role="img" aria-label=${t('marks.title')}>
        ${region === null ? nothing : markShape(region.shape, region.region, this.#box)}
      </svg>
      <p>${t(this.shape === 'arrow' ? 'marks.draw.arrow' : 'marks.draw.rectangle')}</p>`;
  }

  get #box(): Box {
    const instance = this.frame?.instance ?? {};
    return imageBox(this.size, numberOf(instance, Tag.Columns) ?? 1, numberOf(instance, Tag.Rows) ?? 1);
  }

  /** What is being drawn, or what was drawn on this image. */
  get #region(): { shape: MarkShape; region: Region } | null {
    if (this.from !== null && this.to !== null) {
      return { shape: this.shape, region: regionOf(this.shape, this.from, this.to, this.#box) };
    }
    const drawn = placeMark.value;
    const here = this.#place;
    return drawn !== null && drawn.sop_instance_uid === here?.sop && drawn.frame === here.frame ? drawn : null;
  }

  get #place(): { sop: string; frame: number } | null {
    const { frame } = this;
    if (frame === null) return null;
    return { sop: textOf(frame.instance, Tag.SOPInstanceUID), frame: Number(/\/frames\/(\d+)$/.exec(frame.imageId)?.[1] ?? 1) };
  }

  #measure(): void {
    this.size = { width: this.clientWidth, height: this.clientHeight };
  }

  #point(event: PointerEvent): Point {
    const { left, top } = this.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #down = (event: PointerEvent): void => {
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    this.from = this.to = this.#point(event);
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.from !== null) this.to = this.#point(event);
  };

  readonly #up = (): void => {
    const drawn = this.#region;
    const place = this.#place;
    const isDrawn = this.from !== null;
    this.from = this.to = null;
    if (!isDrawn || drawn === null || place === null || isTooSmall(drawn.region)) return;
    placeMark.set({ series_instance_uid: this.series, sop_instance_uid: place.sop, frame: place.frame, region: drawn.region, shape: drawn.shape });
    this.tell('marked');
  };
}

function isTooSmall([x1, y1, x2, y2]: Region): boolean {
  return Math.abs(x2 - x1) < SMALLEST && Math.abs(y2 - y1) < SMALLEST;
}
