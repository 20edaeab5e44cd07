import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Quarantined } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { bytes } from './check-words.ts';
import { tableStyles } from './table-styles.ts';

/** Objects kept aside, and why. Fires `resolve` with the object. */
@customElement('quarantine-table')
export class QuarantineTable extends AppElement {
  @property({ attribute: false }) items: readonly Quarantined[] = [];

  static override styles = [base, controls, surfaces, tableStyles];

  override render(): TemplateResult {
    return html`<section class="card" data-testid="quarantine">
      <header><h2>${t('health.quarantine')}</h2></header>
      ${this.items.length === 0 ? html`<p class="none">${t('health.quarantine.none')}</p>` : this.#table()}
    </section>`;
  }

  #table(): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${t('health.quarantine.reason')}</th>
          <th scope="col">${t('health.quarantine.from')}</th>
          <th scope="col">${t('health.quarantine.at')}</th>
          <th scope="col" class="right">${t('health.quarantine.size')}</th>
          <th scope="col" class="right">${t('health.quarantine.attempts')}</th>
          <th scope="col"><span class="sr-only">${t('health.quarantine.resolve')}</span></th>
        </tr>
      </thead>
      <tbody>
        ${this.items.map((item) => this.#row(item))}
      </tbody>
    </table>`;
  }

  #row(item: Quarantined): TemplateResult {
    return html`<tr data-testid="quarantine-row" data-id=${item.id}>
      <td>${word('health.reason', item.reason)}<small>${item.sop_instance_uid || item.detail}</small></td>
      <td>${item.ae_title}<small>${item.institution ?? ''}</small></td>
      <td class="num">${moment(item.received_at, now.value)}</td>
      <td class="right num">${bytes(item.size)}</td>
      <td class="right num">${item.attempts}</td>
      <td class="right">
        <button class="small" data-testid="quarantine-resolve" @click=${() => this.tell('resolve', item)}>
          ${t('health.quarantine.resolve')}
        </button>
      </td>
    </tr>`;
  }
}
