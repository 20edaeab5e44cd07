import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { beatOf, beatSheet, scaleOf, type Beat } from './beat-sheet.ts';
import './ecg-paper.ts';
import { recordedAt, type Earlier } from './earlier.ts';
import type { Ecg } from './ecg-types.ts';
import { filtered } from './filters.ts';
import { sheetOf } from './layout.ts';
import { measuredMarks } from './marks.ts';
import { NEW_INK, OLD_INK, paintBeats } from './paint-beats.ts';
import type { Samples } from './samples.ts';
import { ecgSettings } from './settings.ts';

/** The same layout, speed, gains and filters for two tracings of one person, or their median beats over each other. */
@customElement('ecg-compare')
export class EcgCompare extends AppElement {
  @property({ attribute: false }) ecg!: Ecg;
  /** Of the ECG that is read, filtered. */
  @property({ attribute: false }) samples: Samples | null = null;
  /** When the ECG that is read was recorded, as far as is known. */
  @property() at = '';
  @property({ attribute: false }) earlier!: Earlier;
  @property({ attribute: false }) gains: ReadonlyMap<string, number> = new Map();
  @property({ type: Boolean }) overlay = true;
  @property({ type: Boolean }) marching = false;
  @state() private old: Samples | null = null;
  @state() private room = { width: 800, height: 480 };
  @query('.stage') private stage!: HTMLElement | null;
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  readonly #resizes = new ResizeObserver(() => this.#measure());

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .stage {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .both {
        display: grid;
        height: 100%;
        gap: 2px;
      }
      .both.below {
        grid-template-rows: repeat(2, minmax(0, 1fr));
      }
      .both.beside {
        grid-template-columns: repeat(2, minmax(0, 1fr));
      }
      section {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      ecg-paper {
        flex: 1;
      }
      h4 {
        margin: 0;
        padding: 2px 8px;
        background: var(--raised);
        font-size: 13px;
        font-weight: 600;
      }
      .old {
        color: var(--late);
      }
      .legend {
        display: flex;
        gap: 16px;
      }
      .none {
        padding: 12px;
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    this.watch(ecgSettings);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { samples } = this.earlier;
    const { filters } = ecgSettings.value;
    this.old = { ...samples, microvolts: samples.microvolts.map((row) => filtered(row, samples.hz, filters)) };
  }

  override render(): TemplateResult {
    return this.overlay ? this.#overlaid() : this.#side();
  }

  get #beats(): [Beat, Beat] | null {
    const [now, before] = [this.ecg.measured?.median, this.earlier.ecg.measured?.median];
    if (!now || !before) return null;
    const [own, old] = [this.ecg.physician?.marks ?? measuredMarks(now), this.earlier.ecg.physician?.marks ?? measuredMarks(before)];
    const aligned = own !== null && old !== null;
    return [beatOf(now, aligned ? own : null), beatOf(before, aligned ? old : null)];
  }

  #overlaid(): TemplateResult {
    if (this.#beats === null) return html`<p class="none">${t('ecg.compare.no_beats')}</p>`;
    const dense = globalThis.devicePixelRatio || 1;
    return html`<h4 class="legend">
        <span>— ${this.#now()}</span><span class="old">- - ${this.#then()}</span><span class="muted">${t('ecg.compare.aligned')}</span>
      </h4>
      <div class="stage">
        <canvas
          data-testid="ecg-overlay"
          role="img"
          aria-label=${t('ecg.compare')}
          width=${Math.round(this.room.width * dense)}
          height=${Math.round(this.room.height * dense)}
        ></canvas>
      </div>`;
  }

  /** One above the other or one beside the other, whichever shows them larger. */
  #side(): TemplateResult {
    const { layout, speed, gain } = ecgSettings.value;
    const { widthMm, heightMm } = sheetOf(layout, this.samples?.leads ?? [], 10, speed, gain);
    const { clientWidth: width, clientHeight: height } = this;
    const below = Math.min(width / widthMm, height / 2 / heightMm) >= Math.min(width / 2 / widthMm, height / heightMm);
    return html`<div class="stage"><div class="both ${below ? 'below' : 'beside'}">
      <section><h4>${this.#now()}</h4><ecg-paper .samples=${this.samples} .beats=${this.ecg.measured?.beats ?? []} .gains=${this.gains} ?marching=${this.marching}></ecg-paper></section>
      <section><h4 class="old">${this.#then()}</h4><ecg-paper data-testid="ecg-earlier" .samples=${this.old} .beats=${this.earlier.ecg.measured?.beats ?? []} .gains=${this.gains} ?marching=${this.marching}></ecg-paper></section>
    </div></div>`;
  }

  #now(): string {
    return t('ecg.compare.now', { at: this.at === '' ? '' : fullMoment(this.at) });
  }

  #then(): string {
    return t('ecg.compare.then', { at: fullMoment(recordedAt(this.earlier.ecg, this.earlier.prior.at)) });
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (this.stage !== null) this.#resizes.observe(this.stage);
    const beats = this.#beats;
    const context = this.canvas?.getContext('2d');
    if (beats === null || !context) return;
    const sheet = beatSheet(beats);
    const [now, before] = beats;
    const lines = [
      { ...before, colour: OLD_INK, dashed: true },
      { ...now, colour: NEW_INK, dashed: false },
    ];
    paintBeats(context, sheet, scaleOf(sheet, this.room.width, this.room.height), lines, globalThis.devicePixelRatio || 1);
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.stage ?? this;
    if (width > 0 && (width !== this.room.width || height !== this.room.height)) this.room = { width, height };
  }
}
