import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { ClinicFigures, ClinicLine } from '../api/boards-types.ts';
import { pageStyles } from '../boards/page-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { duration } from '../lib/time.ts';
import { links } from '../router.ts';
import { boards, hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const MINUTE = 60_000;
const SPANS = [1, 3, 6, 12] as const;

/** A clinic's own figures: how much, how fast, how good, by month and by modality. */
@customElement('statistics-page')
export class StatisticsPage extends AppElement {
  @state() private months: number = 6;
  @state() private figures: ClinicFigures | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    pageStyles,
    css`
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
      }
      .tiles div {
        display: grid;
        gap: 2px;
        padding: 12px 16px;
      }
      .tiles b {
        font-size: 22px;
        font-weight: 600;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const choose = (event: Event): void => {
      this.months = Number((event.target as HTMLSelectElement).value);
      void this.#load();
    };
    return html`<div class="page">
      <div class="top">
        <h1>${t('app.statistics')}</h1>
        <label>${t('statistics.span')}
          <select @change=${choose}>${SPANS.map((n) => html`<option value=${n} .selected=${n === this.months}>${t('statistics.months', { n })}</option>`)}</select>
        </label>
        <a class="button" href="#/quality">${t('statistics.quality')}</a>
        ${hasRole('clinic') ? html`<a class="button" href=${links.settlement}>${t('app.settlement')}</a>` : nothing}
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.figures === null ? nothing : html`${this.#whole(this.figures.whole)} ${this.#table('month', this.figures.months)} ${this.#table('modality', this.figures.modalities)}`}
    </div>`;
  }

  #whole(one: ClinicLine): TemplateResult {
    const tiles: readonly [string, string | number][] = [
      [t('statistics.signed'), one.signed],
      [t('statistics.from_ready'), minutes(one.from_ready_median)],
      [t('statistics.from_exam'), minutes(one.from_exam_median)],
      [t('statistics.in_time'), one.signed === 0 ? '–' : `${((one.in_time / one.signed) * 100).toFixed(0)}%`],
      [t('statistics.retakes'), one.retakes],
      [t('statistics.critical'), one.critical ?? '–'],
    ];
    return html`<section class="card tiles" data-testid="statistics">${tiles.map(([name, value]) => html`<div><small>${name}</small><b class="num">${value}</b></div>`)}</section>`;
  }

  #table(by: 'month' | 'modality', lines: readonly ClinicLine[]): TemplateResult {
    const heads = ['signed', 'from_ready', 'p90', 'in_time', 'retakes', 'grades', ...(by === 'month' ? (['critical'] as const) : [])] as const;
    return html`<section class="card">
      <header><h2>${t(`statistics.by.${by}`)}</h2></header>
      ${lines.length === 0
        ? html`<p class="none">${t('statistics.none')}</p>`
        : html`<div class="scroll"><table data-testid="statistics-${by}">
            <thead><tr><th scope="col">${t(`statistics.by.${by}`)}</th>${heads.map((name) => html`<th scope="col" class="right">${t(`statistics.${name}`)}</th>`)}</tr></thead>
            <tbody>
              ${lines.map(
                (one) => html`<tr data-key=${one.key}>
                  <th scope="row">${by === 'modality' ? word('modality', one.key) : one.key}</th>
                  <td class="right num">${one.signed}</td>
                  <td class="right num">${minutes(one.from_ready_median)}</td>
                  <td class="right num">${minutes(one.from_ready_p90)}</td>
                  <td class="right num">${one.in_time}</td>
                  <td class="right num">${one.retakes}</td>
                  <td class="right num">${one.grade_a} / ${one.grade_b} / ${one.grade_c} / ${one.grade_reject}</td>
                  ${by === 'month' ? html`<td class="right num">${one.critical}</td>` : nothing}
                </tr>`,
              )}
            </tbody>
          </table></div>`}
    </section>`;
  }

  async #load(): Promise<void> {
    try {
      this.figures = await boards.clinicFigures(this.months);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

function minutes(value: number | null): string {
  return value === null ? '–' : duration(value * MINUTE);
}
