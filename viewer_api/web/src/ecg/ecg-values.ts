import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import { localName, t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { ecgValuesStyles } from './ecg-styles.ts';
import { deviceValues, valuesFrom } from './compare.ts';
import type { Ecg, MedianBeat, Values } from './ecg-types.ts';
import { measuredMarks } from './marks.ts';
import { paintMedian } from './median.ts';
import { ruleOf } from './rule-words.ts';

const ROWS = [
  'hr',
  'p_ms',
  'pr_ms',
  'qrs_ms',
  'qt_ms',
  'qtc_bazett_ms',
  'qtc_fridericia_ms',
  'qtc_framingham_ms',
  'qtc_hodges_ms',
  'p_axis_deg',
  'qrs_axis_deg',
  't_axis_deg',
] as const;

/** As many suggestions as there are digits for them. */
const KEYS = 9;

/** Words for the report, in both languages; the report knows which it is written in. */
export interface StatementWords {
  zh: string;
  en: string;
}

/**
 * What the device measured beside what we measured and what a physician set; none is ever shown as another. Fires
 * `report-statement` with the words of a suggestion that somebody takes.
 */
@customElement('ecg-values')
export class EcgValues extends AppElement {
  @property({ attribute: false }) ecg!: Ecg;
  /** Of marks that are being moved and not kept yet. */
  @property({ attribute: false }) unkept: Values | null = null;
  /** Whether a report is being written into which suggestions can be put. */
  @property({ type: Boolean }) writable = false;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  static override styles = [base, controls, ecgValuesStyles];

  /** Puts the n-th suggestion into the report; false when there is none. */
  take(n: number): boolean {
    const suggestion = this.writable ? this.ecg.suggestions[n] : undefined;
    if (suggestion === undefined || n >= KEYS) return false;
    this.tell<StatementWords>('report-statement', { zh: suggestion.name, en: suggestion.name_en });
    return true;
  }

  override render(): TemplateResult {
    const device = deviceValues(this.ecg);
    const measured = valuesFrom(this.ecg, 'measured');
    const set = this.#set;
    return html`
      ${this.ecg.state === 'pending' ? html`<p class="muted">${t('ecg.pending')}</p>` : nothing}
      ${this.ecg.state === 'refused' ? html`<p class="muted">${t('ecg.refused', { why: this.ecg.refused })}</p>` : nothing}
      <table aria-label=${t('ecg.values')} data-testid="ecg-values">
        <thead>
          <tr>
            <th></th>
            <th scope="col">${t('ecg.device')}</th>
            <th scope="col" title=${t('ecg.engine_hint')}>${t('ecg.engine')}</th>
            ${set === null ? nothing : this.#physician()}
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            (name) => html`<tr>
              <th scope="row">${t(`ecg.value.${name}`)}</th>
              <td class="num">${shown(device?.[name])}</td>
              <td class="num" title=${this.#why(name)}>${shown(measured?.[name])}</td>
              ${set === null ? nothing : html`<td class="num set" data-testid="physician-${name}">${shown(set[name])}</td>`}
            </tr>`,
          )}
        </tbody>
      </table>
      ${this.#suggestions()} ${this.#statements()} ${this.#quality()} ${this.#median()}
    `;
  }

  /** What a physician's marks give: those that are being moved before those that were kept. */
  get #set(): Values | null {
    return this.unkept ?? this.ecg.physician?.values ?? null;
  }

  #physician(): TemplateResult {
    const { physician } = this.ecg;
    if (this.unkept !== null) return html`<th scope="col" class="set unkept" title=${t('ecg.physician.unkept')}>${t('ecg.physician')} *</th>`;
    const who = physician === null ? '' : t('ecg.physician.who', { name: physician.by_name, at: fullMoment(physician.at), version: physician.version });
    return html`<th scope="col" class="set" title=${who}>${t('ecg.physician')}</th>`;
  }

  #why(name: string): string {
    const why = this.ecg.measured?.not_measured[name];
    return why === undefined ? '' : t('ecg.not_measured', { why });
  }

  #suggestions(): TemplateResult | typeof nothing {
    if (this.ecg.suggestions.length === 0) return nothing;
    return html`<h3>${t('ecg.suggestions')}</h3>
      <ul>
        ${this.ecg.suggestions.map(
          (one, n) => html`<li class="suggestion">
            <span>${localName(one.name, one.name_en)}<span class="rule">${ruleOf(one)}</span></span>
            ${this.writable && n < KEYS
              ? html`<button class="small quiet" data-testid="suggestion-${one.code}" title=${t('ecg.suggestion.take')} aria-label=${t('ecg.suggestion.take')} @click=${() => this.take(n)}>
                  ＋<kbd>${n + 1}</kbd>
                </button>`
              : nothing}
          </li>`,
        )}
      </ul>`;
  }

  #statements(): TemplateResult | typeof nothing {
    const statements = this.ecg.device?.statements ?? [];
    if (statements.length === 0) return nothing;
    return html`<h3>${t('ecg.statements')}</h3>
      <ul>
        ${statements.map((one) => html`<li>${one}</li>`)}
      </ul>`;
  }

  #quality(): TemplateResult | typeof nothing {
    const { measured } = this.ecg;
    const faults = Object.entries(measured?.quality ?? {}).filter(([, { faults: found }]) => found.length > 0);
    const swapped = measured?.swapped ?? '';
    if (faults.length === 0 && swapped === '') return nothing;
    return html`<h3>${t('ecg.quality')}</h3>
      ${swapped === '' ? nothing : html`<p class="warning">${t('ecg.swapped', { what: swapped })}</p>`}
      <ul>
        ${faults.map(([lead, { faults: found }]) => html`<li>${lead}: ${found.map((one) => word('ecg.fault', one)).join('、')}</li>`)}
      </ul>`;
  }

  #median(): TemplateResult | typeof nothing {
    const median = this.ecg.measured?.median;
    if (!median) return nothing;
    return html`<h3>${t('ecg.median')} <span class="muted">${t('ecg.median_of', { count: median.beats })}</span></h3>
      <button class="beat" data-testid="open-beats" title=${t('ecg.marks.open')} @click=${() => this.tell('open-beats')}>
        <canvas width="404" height="300" role="img" aria-label=${t('ecg.median')}></canvas>
      </button>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.toggleAttribute('wide', this.#set !== null);
    const median: MedianBeat | null | undefined = this.ecg.measured?.median;
    const context = this.canvas?.getContext('2d');
    if (median && context) paintMedian(context, median, this.ecg.physician?.marks ?? measuredMarks(median));
  }
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(0);
}
