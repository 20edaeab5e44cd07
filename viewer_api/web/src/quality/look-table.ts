import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Radpeer, SecondLook } from '../api/quality-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { t, word } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';
import { bar, percent } from './bars.ts';
import { barStyles } from './figure-table.ts';

const SCORES: readonly Radpeer[] = ['1', '2a', '2b', '3a', '3b'];

/** What signatures and reviews found, by author or by modality. */
@customElement('look-table')
export class LookTable extends AppElement {
  @property({ attribute: false }) lines: readonly SecondLook[] = [];
  @property() by: 'author' | 'modality' = 'author';

  static override styles = [base, surfaces, tableStyles, barStyles];

  override render(): TemplateResult {
    if (this.lines.length === 0) return html`<p class="none">${t('quality.none')}</p>`;
    const most = Math.max(...this.lines.map(({ discrepancy_rate }) => discrepancy_rate ?? 0));
    const heads = ['compared', 'major', 'rate', 'reviewed', 'scores', 'review_rate'] as const;
    return html`<table data-testid="looks-${this.by}">
      <thead>
        <tr>
          <th scope="col">${t(`looks.${this.by}`)}</th>
          ${heads.map((head) => html`<th scope="col" class="right">${t(`looks.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${this.lines.map((line) => this.#line(line, most))}
      </tbody>
    </table>`;
  }

  #line(line: SecondLook, most: number): TemplateResult {
    return html`<tr>
      <td>${this.by === 'modality' ? word('modality', line.key) : line.label}</td>
      <td class="right num">${line.compared}</td>
      <td class="right num">${line.major}</td>
      <td class="right num">${percent(line.discrepancy_rate)}${bar(line.discrepancy_rate, most, t('looks.rate'))}</td>
      <td class="right num">${line.reviewed} / ${line.drawn}</td>
      <td class="right num">${SCORES.map((score) => line.scores[score]).join(' / ')}</td>
      <td class="right num">${percent(line.review_rate)}</td>
    </tr>`;
  }
}
