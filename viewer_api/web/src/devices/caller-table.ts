import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Institution, UnknownCaller } from '../api/types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { localName, t, word } from '../i18n/index.ts';
import { ago } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { inReason } from './reasons.ts';

/** Who was refused, with a guess whose equipment it is. Fires `accept` and `change` with the caller. */
@customElement('caller-table')
export class CallerTable extends AppElement {
  @property({ attribute: false }) callers: readonly UnknownCaller[] = [];
  @property({ attribute: false }) institutions: readonly Institution[] = [];

  static override styles = [base, controls, surfaces, tableStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.callers.length === 0) return nothing;
    return html`<section class="card" data-testid="unknown-callers">
      <header><h2>${t('devices.callers')}</h2></header>
      <p class="lead">${t('devices.callers.text')}</p>
      <table>
        <tbody>
          ${this.callers.map((caller) => this.#row(caller))}
        </tbody>
      </table>
    </section>`;
  }

  #row(caller: UnknownCaller): TemplateResult {
    return html`<tr data-testid="caller-row" data-ae=${caller.ae_title}>
      <td><b>${caller.ae_title}</b><small class="num">${caller.address}</small></td>
      <td>${inReason(caller)}<small>${this.#guess(caller)}</small></td>
      <td class="num">
        ${ago(caller.last_seen_at, now.value)}<small>${t('devices.callers.attempts', { n: caller.attempts })}</small>
      </td>
      <td class="right">
        ${caller.institution === ''
          ? nothing
          : html`<button class="small primary" data-testid="caller-accept" @click=${() => this.tell('accept', caller)}>
              ${t('devices.callers.accept')}
            </button>`}
        <button class="small" data-testid="caller-change" @click=${() => this.tell('change', caller)}>
          ${t('devices.callers.change')}
        </button>
      </td>
    </tr>`;
  }

  #guess(caller: UnknownCaller): string {
    const place = this.institutions.find(({ code }) => code === caller.institution);
    if (place === undefined) return t('devices.callers.unsure');
    const what = caller.modality === '' ? t('devices.modality.none') : word('modality', caller.modality);
    return t('devices.callers.guess', { where: localName(place.name, place.name_en), what });
  }
}
