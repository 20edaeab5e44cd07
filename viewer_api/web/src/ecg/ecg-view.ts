import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series } from '../api/types.ts';
import { language, t, type MessageKey } from '../i18n/index.ts';
import { isPlain, isTyping } from '../lib/keys.ts';
import { ecgs } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import '../viewer/ecg-picture.ts';
import { placeAt, snapped, type Caliper, type Place } from './calipers.ts';
import { ecgViewStyles } from './ecg-styles.ts';
import type { Ecg } from './ecg-types.ts';
import './ecg-values.ts';
import { filtered, HIGH_PASS, LOW_PASS, NOTCH } from './filters.ts';
import { GAINS, LAYOUTS, sheetOf, SPEEDS, type LayoutName, type Sheet } from './layout.ts';
import { paperUrl } from './paper-url.ts';
import { paintCalipers, paintSheet, type Look } from './paint.ts';
import type { Samples } from './samples.ts';
import { changeEcg, ecgSettings, NOMINAL_PIXELS_PER_MM, type EcgSettings } from './settings.ts';

/** Seconds that are drawn at a time: a printed page at its longest. */
const PART_S = 30;
const AGAIN_MS = 4000;
const BAR_PX = 400;
const MOST_CALIPERS = 6;

/** An ECG on paper: true to the millimetre, with calipers, and what was measured beside it. */
@customElement('ecg-view')
export class EcgView extends AppElement {
  @property() studyUid = '';
  @property({ attribute: false }) series!: Series;
  @state() private records: readonly Ecg[] = [];
  @state() private which = 0;
  @state() private samples: Samples | null = null;
  @state() private shown: Samples | null = null;
  @state() private partS = 0;
  @state() private printed = false;
  @state() private failed = false;
  @state() private calipers: readonly Caliper[] = [];
  @state() private marching = false;
  @state() private room = { width: 800, height: 500 };
  @query('.paper') private paper!: HTMLElement | null;
  @query('.trace') private trace!: HTMLCanvasElement | null;
  @query('.calipers') private overlay!: HTMLCanvasElement | null;

  #loading: AbortController | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #gains = new Map<string, number>();
  readonly #resizes = new ResizeObserver(() => this.#measure());

  static override styles = [base, controls, ecgViewStyles];

  constructor() {
    super();
    this.watch(ecgSettings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    this.#resizes.disconnect();
    this.#loading?.abort();
    clearTimeout(this.#again);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('series') || changed.has('studyUid')) void this.#load();
    if (changed.has('samples' as never)) this.#filter();
  }

  get #ecg(): Ecg | undefined {
    return this.records[this.which];
  }

  get #settings(): EcgSettings {
    return ecgSettings.value;
  }

  get #sheet(): Sheet | null {
    if (this.shown === null) return null;
    const { layout, speed, gain } = this.#settings;
    const seconds = (this.shown.microvolts[0]?.length ?? 0) / this.shown.hz;
    const sheet = sheetOf(layout, this.shown.leads, Math.min(seconds, PART_S), speed, gain);
    const from = this.shown.firstSample / this.shown.hz;
    return { ...sheet, cells: sheet.cells.map((cell) => ({ ...cell, fromS: cell.fromS + from })) };
  }

  /** CSS pixels per millimetre of the paper. */
  #pixelsPerMm(sheet: Sheet): number {
    const { trueSize, pixelsPerMm } = this.#settings;
    if (trueSize) return pixelsPerMm ?? NOMINAL_PIXELS_PER_MM;
    return Math.max(1.2, Math.min(this.room.width / sheet.widthMm, this.room.height / sheet.heightMm));
  }

  #look(scale: number): Look {
    const { speed, gain } = this.#settings;
    return { scale, speed, gain, gains: this.#gains, derivedMark: '′' };
  }

  override render(): TemplateResult {
    if (this.printed || this.failed) {
      return html`<div class="tools">
          ${this.failed ? html`<span class="muted">${t('ecg.no_samples')}</span>` : this.#toggle()}
        </div>
        <ecg-picture .series=${this.series}></ecg-picture>`;
    }
    const sheet = this.#sheet;
    return html`
      ${this.#tools()}
      <div class="body">
        <div class="paper" tabindex="0" aria-label=${t('ecg.tracing')} data-testid="ecg-paper">
          ${sheet === null ? nothing : this.#canvases(sheet)}
        </div>
        ${this.#ecg === undefined ? nothing : html`<ecg-values .ecg=${this.#ecg}></ecg-values>`}
      </div>
      ${this.#foot()}
    `;
  }

  #canvases(sheet: Sheet): TemplateResult {
    const pixels = this.#pixelsPerMm(sheet);
    const [width, height] = [sheet.widthMm * pixels, sheet.heightMm * pixels];
    const dense = globalThis.devicePixelRatio || 1;
    return html`<div class="sheet" style="width: ${width}px; height: ${height}px">
      <canvas class="trace" data-testid="ecg-trace" width=${Math.round(width * dense)} height=${Math.round(height * dense)}></canvas>
      <canvas
        class="calipers"
        data-testid="ecg-calipers"
        width=${Math.round(width * dense)}
        height=${Math.round(height * dense)}
        @pointerdown=${this.#measureOut}
      ></canvas>
    </div>`;
  }

  #tools(): TemplateResult {
    const { layout, speed, gain, filters, trueSize, pixelsPerMm, snap } = this.#settings;
    return html`<div class="tools">
      ${this.records.length > 1
        ? choice(t('ecg.which'), this.which, this.records.map((_, number) => [number, String(number + 1)]), (value) => this.#show(value))
        : nothing}
      ${choice(t('ecg.layout'), LAYOUTS.indexOf(layout), LAYOUTS.map((name, number) => [number, t(`ecg.layout.${name}` as MessageKey)]), (value) => changeEcg({ layout: LAYOUTS[value] as LayoutName }))}
      ${choice(t('ecg.speed'), speed, SPEEDS.map((one) => [one, `${one} mm/s`]), (value) => changeEcg({ speed: value }))}
      ${choice(t('ecg.gain'), gain, GAINS.map((one) => [one, `${one} mm/mV`]), (value) => changeEcg({ gain: value }))}
      ${choice(t('ecg.high_pass'), filters.high, HIGH_PASS.map(hertz), (value) => this.#setFilter({ high: value }))}
      ${choice(t('ecg.low_pass'), filters.low, LOW_PASS.map(hertz), (value) => this.#setFilter({ low: value }))}
      ${choice(t('ecg.notch'), filters.notch, NOTCH.map(hertz), (value) => this.#setFilter({ notch: value }))}
      <button class="small quiet" aria-pressed=${trueSize} @click=${() => changeEcg({ trueSize: !trueSize })} title=${pixelsPerMm === null ? t('ecg.not_calibrated') : t('ecg.calibrated')}>${t('ecg.true_size')}</button>
      ${trueSize ? html`<button class="small quiet" @click=${this.#calibrate}>${t('ecg.calibrate')}</button>` : nothing}
      <button class="small quiet" aria-pressed=${snap} @click=${() => changeEcg({ snap: !snap })}>${t('ecg.snap')}</button>
      <button class="small quiet" aria-pressed=${this.marching} @click=${() => (this.marching = !this.marching)}>${t('ecg.march')}</button>
      ${this.calipers.length > 0 ? html`<button class="small quiet" @click=${() => (this.calipers = [])}>${t('ecg.clear')}</button>` : nothing}
      ${this.#toggle()} ${this.#print()} ${this.#parts()}
    </div>`;
  }

  #toggle(): TemplateResult {
    return html`<button class="small quiet" data-testid="ecg-printed" @click=${() => (this.printed = !this.printed)}>
      ${this.printed ? t('ecg.tracing') : t('ecg.picture')}
    </button>`;
  }

  #print(): TemplateResult | typeof nothing {
    const sop = this.#ecg?.sop_instance_uid;
    if (sop === undefined) return nothing;
    const url = paperUrl({ studyUid: this.studyUid, sop, startS: this.partS, language: language.value }, this.#settings);
    return html`<a class="button small quiet" data-testid="ecg-print" href=${url} target="_blank">${t('ecg.print')}</a>`;
  }

  #parts(): TemplateResult | typeof nothing {
    const { samples } = this;
    if (samples === null || samples.samplesInRecord <= PART_S * samples.hz) return nothing;
    const total = samples.samplesInRecord / samples.hz;
    const part = { from: clock(this.partS), to: clock(Math.min(total, this.partS + PART_S)), total: clock(total) };
    return html`<button class="small quiet" ?disabled=${this.partS <= 0} @click=${() => this.#turn(-1)}>${t('ecg.back')}</button>
      <span class="num">${t('ecg.part', part)}</span>
      <button class="small quiet" ?disabled=${this.partS + PART_S >= total} @click=${() => this.#turn(1)}>${t('ecg.on')}</button>`;
  }

  #foot(): TemplateResult {
    const { speed, gain, filters } = this.#settings;
    const what = [
      filters.high > 0 ? `≥ ${filters.high} Hz` : '',
      filters.low > 0 ? `≤ ${filters.low} Hz` : '',
      filters.notch > 0 ? `${t('ecg.notch')} ${filters.notch} Hz` : '',
    ].filter((one) => one !== '');
    const recording = this.#ecg?.recording;
    return html`<div class="foot" data-testid="ecg-foot">
      <span class="on num">${speed} mm/s · ${gain} mm/mV</span>
      <span class=${what.length > 0 ? 'on' : ''}>${what.length > 0 ? t('ecg.filters_shown', { what: what.join(', ') }) : t('ecg.filters_off')}</span>
      ${recording && recording.derived_leads.length > 0 ? html`<span>${t('ecg.derived')}</span>` : nothing}
      ${recording && recording.assumed.length > 0 ? html`<span>${t('ecg.assumed', { what: recording.assumed.join('; ') })}</span>` : nothing}
      <span>${t('ecg.hint')}</span>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (this.paper !== null) this.#resizes.observe(this.paper);
    const sheet = this.#sheet;
    const trace = this.trace?.getContext('2d');
    const overlay = this.overlay?.getContext('2d');
    if (sheet === null || this.shown === null || !trace || !overlay) return;
    const look = this.#look(trace.canvas.width / sheet.widthMm);
    paintSheet(trace, sheet, this.shown, look);
    paintCalipers(overlay, sheet, this.calipers, look, this.marching);
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    clearTimeout(this.#again);
    this.failed = false;
    try {
      const found = await ecgs.ofStudy(this.studyUid, loading.signal);
      const records = found.filter((one) => one.series_instance_uid === this.series.series_instance_uid);
      if (loading.signal.aborted) return;
      const before = this.#ecg?.sop_instance_uid;
      this.records = records;
      if (records.length === 0) this.failed = true;
      else if (before !== this.#ecg?.sop_instance_uid || this.samples === null) await this.#fetch(0);
      if (records.some(({ state: one }) => one === 'pending')) this.#again = setTimeout(() => void this.#load(), AGAIN_MS);
    } catch {
      if (!loading.signal.aborted) this.failed = true;
    }
  }

  async #fetch(fromS: number): Promise<void> {
    const ecg = this.#ecg;
    if (ecg === undefined) return;
    const samples = await ecgs.samples(ecg, fromS, PART_S, this.#loading?.signal);
    if (this.#ecg !== ecg) return;
    this.partS = fromS;
    this.calipers = [];
    this.samples = samples;
  }

  #show(which: number): void {
    this.which = which;
    this.samples = null;
    void this.#fetch(0).catch(() => (this.failed = true));
  }

  #turn(by: number): void {
    void this.#fetch(Math.max(0, this.partS + by * PART_S)).catch(() => (this.failed = true));
  }

  #setFilter(change: Partial<EcgSettings['filters']>): void {
    changeEcg({ filters: { ...this.#settings.filters, ...change } });
    this.#filter();
  }

  #filter(): void {
    const { samples } = this;
    const choice = this.#settings.filters;
    this.shown =
      samples === null
        ? null
        : { ...samples, microvolts: samples.microvolts.map((row) => filtered(row, samples.hz, choice)) };
  }

  /** The room for the paper, which changes with the window and with what stands beside it. */
  #measure(): void {
    const { clientWidth, clientHeight } = this.paper ?? this;
    const room = { width: Math.max(200, clientWidth - 2), height: Math.max(150, clientHeight - 2) };
    if (room.width !== this.room.width || room.height !== this.room.height) this.room = room;
  }

  #placeOf(event: PointerEvent): Place | null {
    const sheet = this.#sheet;
    if (sheet === null || this.overlay === null || this.shown === null) return null;
    const box = this.overlay.getBoundingClientRect();
    const pixels = box.width / sheet.widthMm;
    const point = { x: (event.clientX - box.left) / pixels, y: (event.clientY - box.top) / pixels };
    const { speed, gain, snap } = this.#settings;
    const place = placeAt(point, sheet, speed, gain);
    return place !== null && snap && !event.altKey ? snapped(place, this.shown) : place;
  }

  readonly #measureOut = (event: PointerEvent): void => {
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

  readonly #calibrate = async (): Promise<void> => {
    const answers = await ask({
      title: t('ecg.calibrate'),
      text: t('ecg.calibrate.text'),
      bar: BAR_PX,
      fields: [{ name: 'mm', label: t('ecg.calibrate.field'), kind: 'text', required: true }],
    });
    const millimetres = Number(answers?.['mm']);
    if (millimetres >= 40 && millimetres <= 400) changeEcg({ pixelsPerMm: BAR_PX / millimetres, trueSize: true });
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event)) return;
    const { layout, gain, speed } = this.#settings;
    const next = <T>(all: readonly T[], one: T, by: number): T => all[Math.max(0, Math.min(all.length - 1, all.indexOf(one) + by))] as T;
    switch (event.key.toLowerCase()) {
      case 'c':
        this.calipers = [];
        break;
      case 'm':
        this.marching = !this.marching;
        break;
      case 'l':
        changeEcg({ layout: LAYOUTS[(LAYOUTS.indexOf(layout) + 1) % LAYOUTS.length] as LayoutName });
        break;
      case 's':
        changeEcg({ speed: SPEEDS[(SPEEDS.indexOf(speed as 25) + 1) % SPEEDS.length] as number });
        break;
      case '+':
      case '=':
        changeEcg({ gain: next(GAINS as readonly number[], gain, 1) });
        break;
      case '-':
        changeEcg({ gain: next(GAINS as readonly number[], gain, -1) });
        break;
      default:
    }
  };
}

function choice(
  label: string,
  value: number,
  options: readonly (readonly [number, string])[],
  pick: (value: number) => void,
): TemplateResult {
  return html`<label
    >${label}<select @change=${(event: Event) => pick(Number((event.target as HTMLSelectElement).value))}>
      ${options.map(([one, words]) => html`<option value=${one} ?selected=${one === value}>${words}</option>`)}
    </select></label
  >`;
}

function hertz(value: number): readonly [number, string] {
  return [value, value === 0 ? t('ecg.off') : `${value} Hz`];
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
