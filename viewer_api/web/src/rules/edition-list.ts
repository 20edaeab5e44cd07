import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Edition } from '../api/rules-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** Every edition of a chapter: since when, by whom, why. Fires `use` with the one to start from. */
@customElement('edition-list')
export class EditionList extends AppElement {
  @property({ attribute: false }) editions: readonly Edition[] = [];

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      tr.in_force td {
        font-weight: 600;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<section class="card" data-testid="editions">
      <header><h2>${t('rules.editions')}</h2></header>
      <table>
        <thead>
          <tr>
            <th scope="col">${t('rules.edition')}</th>
            <th scope="col">${t('rules.from')}</th>
            <th scope="col">${t('rules.by')}</th>
            <th scope="col">${t('rules.note')}</th>
            <th scope="col"><span class="sr-only">${t('rules.use')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.editions.map((one) => this.#row(one))}
        </tbody>
      </table>
    </section>`;
  }

  #row(one: Edition): TemplateResult {
    return html`<tr class=${one.state} data-testid="edition" data-version=${one.version}>
      <td>${one.version === 0 ? t('rules.shipped') : one.version}<small>${t(`rules.state.${one.state}`)}</small></td>
      <td class="num">${one.effective_from === null ? t('rules.always') : fullMoment(one.effective_from)}</td>
      <td>
        ${one.published_by_name}<small class="num">${one.published_at === null ? '' : fullMoment(one.published_at)}</small>
      </td>
      <td>${one.note}</td>
      <td class="right"><button class="small" @click=${() => this.tell('use', one)}>${t('rules.use')}</button></td>
    </tr>`;
  }
}
