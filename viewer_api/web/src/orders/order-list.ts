import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { localName, t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import type { Order } from './orders-api.ts';

/** Orders, the last placed first. Fires `edit-order` and `cancel-order` with an order. */
@customElement('order-list')
export class OrderList extends AppElement {
  @property({ attribute: false }) items: readonly Order[] = [];

  static override styles = [
    base,
    controls,
    css`
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
        padding: 10px 16px;
        border-top: 1px solid var(--line);
      }
      .who {
        flex: 1 1 220px;
        min-width: 0;
      }
      small {
        display: block;
        color: var(--muted);
      }
      .state {
        min-width: 72px;
      }
      .scheduled {
        color: var(--accent);
      }
      .cancelled,
      .discontinued {
        color: var(--muted);
      }
      .completed {
        color: var(--ok);
      }
      .none {
        padding: 16px;
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.items.length === 0) return html`<p class="none">${t('orders.none')}</p>`;
    return html`<ul>
      ${this.items.map((one) => this.#item(one))}
    </ul>`;
  }

  #item(one: Order): TemplateResult {
    const place = hasRole('clinic') ? '' : `${localName(one.institution_name, one.institution_name_en)} · `;
    return html`<li data-testid="order" data-state=${one.state}>
      <div class="who">
        <b>${one.patient.name}</b> ${one.procedure_description || one.modality}
        <small class="num">${place}${one.accession_number} · ${fullMoment(one.scheduled_at)} · ${t(`priority.${one.priority}`)}</small>
        ${one.cancel_reason === '' ? nothing : html`<small>${one.cancel_reason}</small>`}
      </div>
      <span class="state ${one.state}">${t(`orders.state.${one.state}`)}</span>
      ${one.study_arrived && hasRole('clinic')
        ? html`<a href=${links.clinicStudy(one.study_instance_uid)}>${t('orders.open_study')}</a>`
        : nothing}
      ${one.state === 'scheduled'
        ? html`<button class="small" data-testid="order-edit" @click=${() => this.tell('edit-order', one)}>${t('orders.edit')}</button>`
        : nothing}
      ${one.state === 'scheduled' || one.state === 'started'
        ? html`<button class="small danger" data-testid="order-cancel" @click=${() => this.tell('cancel-order', one)}>${t('orders.cancel')}</button>`
        : nothing}
    </li>`;
  }
}
