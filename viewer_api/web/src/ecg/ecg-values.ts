import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import { localName, t, word, type MessageKey } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { ecgValuesStyles } from './ecg-styles.ts';
import type { Ecg, MedianBeat } from './ecg-types.ts';
import { paintMedian } from './median.ts';

const ROWS = [
  'hr',
  'p_ms',
  'pr_ms',
  'qrs_ms',
  'qt_ms',
  'qtc_bazett_ms',
  'qtc_fridericia_ms',
  'p_axis_deg',
  'qrs_axis_deg',
  't_axis_deg',
] as const;

/** What the device measured beside what we measured; neither is ever shown as the other. */
@customElement('ecg-values')
export class EcgValues extends AppElement {
  @property({ attribute: false }) ecg!: Ecg;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  static override styles = [base, ecgValuesStyles];

  override render(): TemplateResult {
    const { measured, device } = this.ecg;
    return html`
      ${this.ecg.state === 'pending' ? html`<p class="muted">${t('ecg.pending')}</p>` : nothing}
      ${this.ecg.state === 'refused' ? html`<p class="muted">${t('ecg.refused', { why: this.ecg.refused })}</p>` : nothing}
      <table aria-label=${t('ecg.values')} data-testid="ecg-values">
        <thead>
          <tr>
            <th></th>
            <th scope="col">${t('ecg.device')}</th>
            <th scope="col" title=${t('ecg.engine_hint')}>${t('ecg.engine')}</th>
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            (name) => html`<tr>
              <th scope="row">${t(`ecg.value.${name}` as MessageKey)}</th>
              <td class="num">${shown(device?.[name])}</td>
              <td class="num" title=${this.#why(name)}>${shown(measured?.overall[name])}</td>
            </tr>`,
          )}
        </tbody>
      </table>
      ${this.#suggestions()} ${this.#statements()} ${this.#quality()} ${this.#median()}
    `;
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
          (one) => html`<li>
            ${localName(one.name, one.name_en)}<span class="rule">${one.rule} · ${one.numbers}</span>
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
      <canvas width="404" height="300" role="img" aria-label=${t('ecg.median')}></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const median: MedianBeat | null | undefined = this.ecg.measured?.median;
    const context = this.canvas?.getContext('2d');
    if (median && context) paintMedian(context, median);
  }
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : value.toFixed(0);
}
