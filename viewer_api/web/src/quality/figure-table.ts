import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Dimension, Figure } from '../api/quality-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { localName, t, word } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';
import { bar, percent } from './bars.ts';

export const barStyles = css`
  .bar {
    vertical-align: middle;
    margin-left: 8px;
  }
  .bar .track {
    fill: var(--raised);
  }
  .bar .value {
    fill: var(--accent);
  }
`;

/** Exams, grades and retakes, a line for each site, device, operator, modality, reason or month. */
@customElement('figure-table')
export class FigureTable extends AppElement {
  @property({ attribute: false }) lines: readonly Figure[] = [];
  @property() by: Dimension = 'site';

  static override styles = [base, surfaces, tableStyles, barStyles];

  override render(): TemplateResult {
    if (this.lines.length === 0) return html`<p class="none">${t('quality.none')}</p>`;
    return this.by === 'reason' ? this.#reasons() : this.#sources();
  }

  #sources(): TemplateResult {
    const most = Math.max(...this.lines.map(({ retake_rate }) => retake_rate ?? 0));
    const heads = ['exams', 'grades', 'a_rate', 'retakes', 'ends'] as const;
    return html`<table data-testid="figures">
      <thead>
        <tr>
          <th scope="col">${t(`quality.by.${this.by}`)}</th>
          ${heads.map((head) => html`<th scope="col" class="right">${t(`quality.${head}`)}</th>`)}
          <th scope="col" class="right">${t('quality.retake_rate')}</th>
        </tr>
      </thead>
      <tbody>
        ${this.lines.map((line) => this.#source(line, most))}
      </tbody>
    </table>`;
  }

  #source(line: Figure, most: number): TemplateResult {
    const grades = [line.grade_a, line.grade_b, line.grade_c, line.grade_reject].join(' / ');
    return html`<tr data-testid="figure" data-key=${line.key}>
      <td>${this.#label(line)}</td>
      <td class="right num">${line.exams}</td>
      <td class="right num">${line.graded === 0 ? '–' : grades}</td>
      <td class="right num">${percent(line.grade_a_rate)}</td>
      <td class="right num">${line.retakes}</td>
      <td class="right num">${line.retakes === 0 ? nothing : `${line.redone} / ${line.waived} / ${line.expired}`}</td>
      <td class="right num">${percent(line.retake_rate)}${bar(line.retake_rate, most, t('quality.chart.rate'))}</td>
    </tr>`;
  }

  #reasons(): TemplateResult {
    const most = Math.max(...this.lines.map(({ retakes, flawed }) => retakes + flawed));
    return html`<table data-testid="figures">
      <thead>
        <tr>
          <th scope="col">${t('quality.by.reason')}</th>
          <th scope="col" class="right">${t('quality.retakes')}</th>
          <th scope="col" class="right">${t('quality.flawed')}</th>
          <th scope="col" class="right">${t('quality.chart.count')}</th>
        </tr>
      </thead>
      <tbody>
        ${this.lines.map(
          (line) => html`<tr data-testid="figure" data-key=${line.key}>
            <td>${this.#label(line)}</td>
            <td class="right num">${line.retakes}</td>
            <td class="right num">${line.flawed}</td>
            <td class="right num">${bar(line.retakes + line.flawed, most, t('quality.chart.count'))}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #label(line: Figure): string {
    if (this.by === 'modality') return word('modality', line.key);
    return localName(line.label, line.label_en) || t('quality.unknown');
  }
}
