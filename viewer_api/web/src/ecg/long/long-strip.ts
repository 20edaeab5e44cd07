import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t, type MessageKey } from '../../i18n/index.ts';
import { longEcgs } from '../../session.ts';
import { AppElement } from '../../ui/element.ts';
import { base } from '../../ui/styles.ts';
import { placeAt, snapped, type Caliper, type Place } from '../calipers.ts';
import { sheetOf, type Sheet } from '../layout.ts';
import { paintCalipers, paintSheet, type Look } from '../paint.ts';
import type { Samples } from '../samples.ts';
import { NOMINAL_PIXELS_PER_MM } from '../calibration.ts';
import { ecgSettings, measuredPixelsPerMm } from '../settings.ts';
import { INKS } from './disclosure.ts';
import { sheetStyles } from '../ecg-styles.ts';
import { stripStyles } from './long-styles.ts';
import type { LongBeat, LongEcg } from './long-types.ts';

const SPEED = 25;
const GAIN = 10;
const MOST_CALIPERS = 6;
const MOST_BEATS = 200;
const MARGIN_MM = 13;
const NAMES_MM = 3.6;

/** Some seconds at 25 mm/s with the class of each beat, and calipers. Fires `strip-seconds` when it gets other room. */
@customElement('long-strip')
export class LongStrip extends AppElement {
  @property({ attribute: false }) ecg!: LongEcg;
  @property({ attribute: false }) leads: readonly string[] = [];
  @property({ type: Number }) fromS = 0;
  @state() private samples: Samples | null = null;
  @state() private beats: readonly LongBeat[] = [];
  @state() private calipers: readonly Caliper[] = [];
  @state() private width = 600;
  @query('.trace') private trace!: HTMLCanvasElement | null;
  @query('.calipers') private overlay!: HTMLCanvasElement | null;
  #asked = 0;
  readonly #resizes = new ResizeObserver(([entry]) => this.#fit(entry?.contentRect.width ?? 0));

  static override styles = [base, sheetStyles, stripStyles];

  constructor() {
    super();
    this.watch(ecgSettings);
  }

  /** What the strip shows, as far as it has come. */
  get shown(): readonly LongBeat[] {
    return this.beats;
  }

  get seconds(): number {
    return Math.max(2, (this.width / this.#pixels - MARGIN_MM) / SPEED);
  }

  clear(): void {
    this.calipers = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  get #pixels(): number {
    return measuredPixelsPerMm() ?? NOMINAL_PIXELS_PER_MM;
  }

  get #sheet(): Sheet | null {
    if (this.samples === null) return null;
    const from = this.samples.firstSample / this.samples.hz;
    const length = (this.samples.microvolts[0]?.length ?? 0) / this.samples.hz;
    const sheet = sheetOf('12x1', this.samples.leads, length, SPEED, GAIN);
    return { ...sheet, cells: sheet.cells.map((cell) => ({ ...cell, fromS: cell.fromS + from })) };
  }

  #fit(width: number): void {
    if (width < 50 || Math.abs(width - this.width) < 1) return;
    this.width = width;
    this.tell('strip-seconds', this.seconds);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const names = ['ecg', 'leads', 'fromS', 'width'];
    if (names.some((name) => changed.has(name as keyof LongStrip))) void this.#load();
  }

  async #load(): Promise<void> {
    const asked = ++this.#asked;
    const { ecg, leads, fromS, seconds } = this;
    try {
      const [samples, page] = await Promise.all([
        longEcgs.strip(ecg, leads, fromS, seconds),
        longEcgs.beats(ecg, [], fromS, fromS + seconds, -1, MOST_BEATS),
      ]);
      if (asked !== this.#asked) return;
      this.calipers = [];
      [this.samples, this.beats] = [samples, page.items];
    } catch {
      if (asked === this.#asked) [this.samples, this.beats] = [null, []];
    }
  }

  override render(): TemplateResult {
    const sheet = this.#sheet;
    const dense = globalThis.devicePixelRatio || 1;
    const [width, height] = [this.width, (sheet?.heightMm ?? 40) * this.#pixels];
    return html`<div class="sheet" style="height: ${height}px">
      <canvas class="trace" data-testid="long-strip" width=${Math.round(width * dense)} height=${Math.round(height * dense)}></canvas>
      <canvas
        class="calipers"
        data-testid="long-calipers"
        width=${Math.round(width * dense)}
        height=${Math.round(height * dense)}
        @pointerdown=${this.#measure}
      ></canvas>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const trace = this.trace?.getContext('2d');
    const overlay = this.overlay?.getContext('2d');
    const sheet = this.#sheet;
    if (!trace || !overlay) return;
    if (sheet === null || this.samples === null) {
      trace.clearRect(0, 0, trace.canvas.width, trace.canvas.height);
      return;
    }
    const dense = globalThis.devicePixelRatio || 1;
    const look: Look = { scale: this.#pixels * dense, speed: SPEED, gain: GAIN, gains: new Map(), derivedMark: '′', chosen: null };
    const wide = { ...sheet, widthMm: this.width / this.#pixels };
    paintSheet(trace, wide, this.#around(this.samples), look);
    this.#names(trace, sheet);
    paintCalipers(overlay, wide, this.calipers, look, false);
  }

  /** Each lead around its own middle: what drifts would leave its row. */
  #around(samples: Samples): Samples {
    const microvolts = samples.microvolts.map((row) => {
      const known = row.filter((value) => !Number.isNaN(value)).sort();
      const middle = known[Math.floor(known.length / 2)] ?? 0;
      return row.map((value) => value - middle);
    });
    return { ...samples, microvolts };
  }

  /** Above the first row: the class of each beat and its interval. */
  #names(context: CanvasRenderingContext2D, sheet: Sheet): void {
    const cell = sheet.cells[0];
    if (cell === undefined) return;
    const y = NAMES_MM - 1;
    context.fillStyle = '#fffdfbe0';
    context.fillRect(0, 0, this.width / this.#pixels, NAMES_MM);
    context.font = '600 2.6px system-ui, sans-serif';
    context.textAlign = 'center';
    for (const { at_s: at, kind, rr_ms: rr } of this.beats) {
      const x = cell.xMm + (at - cell.fromS) * SPEED;
      context.fillStyle = INKS[kind];
      context.fillText(t(`ecglong.short.${kind}` as MessageKey), x, y);
      if (rr !== null) context.fillText(String(rr), x - (rr / 1000) * SPEED * 0.5, y);
    }
    context.textAlign = 'start';
  }

  #placeOf(event: PointerEvent): Place | null {
    const sheet = this.#sheet;
    const box = this.overlay?.getBoundingClientRect();
    if (sheet === null || box === undefined || this.samples === null) return null;
    const point = { x: (event.clientX - box.left) / this.#pixels, y: (event.clientY - box.top) / this.#pixels };
    const place = placeAt(point, sheet, SPEED, () => GAIN);
    return place !== null && ecgSettings.value.snap && !event.altKey ? snapped(place, this.#around(this.samples)) : place;
  }

  readonly #measure = (event: PointerEvent): void => {
    const from = this.#placeOf(event);
    const overlay = this.overlay;
    if (from === null || overlay === null) return;
    event.preventDefault();
    overlay.setPointerCapture(event.pointerId);
    const others = this.calipers.slice(1 - MOST_CALIPERS);
    overlay.onpointermove = (move) => {
      const to = this.#placeOf(move);
      if (to !== null && to.cell.row === from.cell.row) this.calipers = [...others, { from, to }];
    };
    overlay.onpointerup = () => {
      overlay.onpointermove = overlay.onpointerup = null;
    };
  };
}
