import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { edgesOf, gripAt, placeAt, pulled, shifted, snapped, type Caliper, type Grip, type Place, type PointMm } from './calipers.ts';
import { NOMINAL_PIXELS_PER_MM } from './calibration.ts';
import { sheetStyles } from './ecg-styles.ts';
import type { BeatTimes } from './ecg-types.ts';
import { sheetOf, type Sheet } from './layout.ts';
import { gainIn, labelAt, paintCalipers, paintSheet, type Look } from './paint.ts';
import type { Samples } from './samples.ts';
import { ecgSettings, measuredPixelsPerMm } from './settings.ts';

const MOST_CALIPERS = 6;
const SMALLEST_SCALE = 1.2;

/** A tracing on paper with its calipers. Fires `pick-lead` with the lead whose name was clicked, and `calipers` with their number. */
@customElement('ecg-paper')
export class EcgPaper extends AppElement {
  /** As they are shown: filtered. */
  @property({ attribute: false }) samples: Samples | null = null;
  @property({ attribute: false }) beats: readonly BeatTimes[] = [];
  @property({ attribute: false }) gains: ReadonlyMap<string, number> = new Map();
  @property() lead: string | null = null;
  @property({ type: Boolean }) marching = false;
  /** The longest that one sheet shows. */
  @property({ type: Number }) seconds = 30;
  @state() private calipers: readonly Caliper[] = [];
  @state() private room = { width: 800, height: 500 };
  @query('.trace') private trace!: HTMLCanvasElement | null;
  @query('.calipers') private overlay!: HTMLCanvasElement | null;
  readonly #resizes = new ResizeObserver(() => this.#measure());

  static override styles = [
    base,
    sheetStyles,
    css`
      :host {
        position: relative;
        overflow: auto;
        min-width: 0;
        min-height: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(ecgSettings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  clear(): void {
    this.#set([]);
  }

  /** Moves the far leg of the last caliper by samples, or with `whole` all of it; false when there is none. */
  nudge(samples: number, whole: boolean): boolean {
    const last = this.calipers.at(-1);
    const { samples: shown } = this;
    if (last === undefined || shown === null) return false;
    const seconds = samples / shown.hz;
    const { fromS, seconds: length } = last.to.cell;
    const atS = Math.max(fromS, Math.min(fromS + length, last.to.atS + seconds));
    const next = whole ? shifted(last, seconds) : { ...last, to: { ...last.to, atS } };
    this.#set([...this.calipers.slice(0, -1), next]);
    return true;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('samples');
    const other = before?.firstSample !== this.samples?.firstSample || before?.leads !== this.samples?.leads;
    if (changed.has('samples') && other) this.#set([]);
  }

  get #sheet(): Sheet | null {
    const { samples } = this;
    if (samples === null) return null;
    const { layout, speed, gain } = ecgSettings.value;
    const seconds = (samples.microvolts[0]?.length ?? 0) / samples.hz;
    const sheet = sheetOf(layout, samples.leads, Math.min(seconds, this.seconds), speed, gain);
    const from = samples.firstSample / samples.hz;
    return { ...sheet, cells: sheet.cells.map((cell) => ({ ...cell, fromS: cell.fromS + from })) };
  }

  /** CSS pixels per millimetre of the paper: as on the paper itself, or as large as fits. */
  #pixelsPerMm(sheet: Sheet): number {
    if (ecgSettings.value.trueSize) return measuredPixelsPerMm() ?? NOMINAL_PIXELS_PER_MM;
    return Math.max(SMALLEST_SCALE, Math.min(this.room.width / sheet.widthMm, this.room.height / sheet.heightMm));
  }

  #look(scale: number): Look {
    const { speed, gain } = ecgSettings.value;
    return { scale, speed, gain, gains: this.gains, derivedMark: '′', chosen: this.lead };
  }

  override render(): TemplateResult | typeof nothing {
    const sheet = this.#sheet;
    if (sheet === null) return nothing;
    const pixels = this.#pixelsPerMm(sheet);
    const [width, height] = [sheet.widthMm * pixels, sheet.heightMm * pixels];
    const dense = globalThis.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * dense), Math.round(height * dense)];
    return html`<div class="sheet" style="width: ${width}px; height: ${height}px" data-testid="ecg-sheet" data-mm=${sheet.widthMm}>
      <canvas class="trace" data-testid="ecg-trace" role="img" aria-label=${t('ecg.tracing')} width=${wide} height=${high}></canvas>
      <canvas class="calipers" data-testid="ecg-calipers" width=${wide} height=${high} @pointerdown=${this.#press}></canvas>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const sheet = this.#sheet;
    const trace = this.trace?.getContext('2d');
    const overlay = this.overlay?.getContext('2d');
    if (sheet === null || this.samples === null || !trace || !overlay) return;
    const look = this.#look(trace.canvas.width / sheet.widthMm);
    paintSheet(trace, sheet, this.samples, look);
    paintCalipers(overlay, sheet, this.calipers, look, this.marching);
  }

  /** The room for the paper, which changes with the window and with what stands beside it. */
  #measure(): void {
    const room = { width: Math.max(200, this.clientWidth - 2), height: Math.max(120, this.clientHeight - 2) };
    if (room.width !== this.room.width || room.height !== this.room.height) this.room = room;
  }

  #pointOf(event: PointerEvent, sheet: Sheet): PointMm | null {
    if (this.overlay === null) return null;
    const box = this.overlay.getBoundingClientRect();
    const pixels = box.width / sheet.widthMm;
    return { x: (event.clientX - box.left) / pixels, y: (event.clientY - box.top) / pixels };
  }

  #placeOf(event: PointerEvent, sheet: Sheet): Place | null {
    const point = this.#pointOf(event, sheet);
    if (point === null || this.samples === null) return null;
    const { speed, snap } = ecgSettings.value;
    const place = placeAt(point, sheet, speed, (lead) => gainIn(this.#look(1), lead));
    return place !== null && snap && !event.altKey ? snapped(place, this.samples, edgesOf(this.beats)) : place;
  }

  readonly #press = (event: PointerEvent): void => {
    const sheet = this.#sheet;
    const point = sheet === null ? null : this.#pointOf(event, sheet);
    if (sheet === null || point === null) return;
    const lead = labelAt(point, sheet);
    if (lead !== null) {
      this.tell('pick-lead', lead);
      return;
    }
    const grip = gripAt(point, this.calipers, sheet, ecgSettings.value.speed, (one) => gainIn(this.#look(1), one));
    if (grip === null) this.#draw(event, sheet);
    else this.#pull(event, sheet, grip);
  };

  #draw(event: PointerEvent, sheet: Sheet): void {
    const from = this.#placeOf(event, sheet);
    if (from === null) return;
    const others = this.calipers.slice(1 - MOST_CALIPERS);
    this.#follow(event, (move) => {
      const to = this.#placeOf(move, sheet);
      if (to !== null && to.cell.row === from.cell.row) this.#set([...others, { from, to }]);
    });
  }

  #pull(event: PointerEvent, sheet: Sheet, { caliper, part }: Grip): void {
    const held = this.calipers[caliper];
    const start = this.#placeOf(event, sheet);
    if (held === undefined || start === null) return;
    this.#follow(event, (move) => {
      const now = this.#placeOf(move, sheet);
      if (now === null || now.cell.row !== held.from.cell.row) return;
      this.#set(this.calipers.map((one, at) => (at === caliper ? pulled(held, part, start, now) : one)));
    });
  }

  #follow(event: PointerEvent, move: (event: PointerEvent) => void): void {
    const { overlay } = this;
    if (overlay === null) return;
    event.preventDefault();
    overlay.setPointerCapture(event.pointerId);
    overlay.onpointermove = move;
    overlay.onpointerup = overlay.onpointercancel = () => {
      overlay.onpointermove = overlay.onpointerup = overlay.onpointercancel = null;
    };
  }

  #set(calipers: readonly Caliper[]): void {
    const changed = calipers.length !== this.calipers.length;
    this.calipers = calipers;
    if (changed) this.tell('calipers', calipers.length);
  }
}
