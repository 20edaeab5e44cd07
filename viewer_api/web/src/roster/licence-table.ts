import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Licence } from '../api/roster-types.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { daysBetween } from './week.ts';

/** Licences with their dates. Fires `edit` and `end` with the licence. */
@customElement('licence-table')
export class LicenceTable extends AppElement {
  @property({ attribute: false }) licences: readonly Licence[] = [];
  @property({ type: Boolean }) editable = false;
  @property() today = '';

  static override styles = [
    base,
    controls,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 8px 12px;
        border-top: 1px solid var(--line);
        text-align: left;
      }
      th {
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
      }
      tr.over td {
        color: var(--muted);
      }
      .soon {
        color: var(--late);
        font-weight: 600;
      }
      .valid {
        color: var(--ok);
      }
      .none {
        padding: 20px 16px;
        color: var(--muted);
      }
      td:last-child {
        text-align: right;
        white-space: nowrap;
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.licences.length === 0) return html`<p class="none">${t('licences.none')}</p>`;
    return html`<table data-testid="licence-table">
      <thead>
        <tr>
          <th>${t('licences.user')}</th>
          <th>${t('licences.modality')}</th>
          <th>${t('licences.may_audit')}</th>
          <th>${t('licences.number')}</th>
          <th>${t('licences.from')}</th>
          <th>${t('licences.until')}</th>
          <th></th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${this.licences.map((licence) => this.#line(licence))}
      </tbody>
    </table>`;
  }

  #line(licence: Licence): TemplateResult {
    const fire = (name: string): (() => void) => () => this.dispatchEvent(new CustomEvent<Licence>(name, { detail: licence }));
    return html`<tr class=${licence.valid ? '' : 'over'} title=${licence.note || nothing}>
      <td>${licence.name}</td>
      <td>${[licence.modality, licence.subspecialty].filter(Boolean).join(' · ')}</td>
      <td>${t(licence.may_audit ? 'licences.may_audit.yes' : 'licences.may_audit.no')}</td>
      <td class="num">${licence.licence_number || '–'}</td>
      <td class="num">${licence.valid_from}</td>
      <td class="num">${licence.valid_until ?? t('licences.forever')}</td>
      <td>${this.#standing(licence)}</td>
      <td>
        ${this.editable && licence.ended_on === null
          ? html`<button class="small quiet" @click=${fire('edit')}>${t('licences.edit')}</button>
              <button class="small quiet" @click=${fire('end')}>${t('licences.end')}</button>`
          : nothing}
      </td>
    </tr>`;
  }

  #standing(licence: Licence): TemplateResult {
    if (licence.ended_on !== null) return html`${t('licences.ended', { day: licence.ended_on })}`;
    if (licence.ends_soon && licence.valid_until !== null) {
      const days = daysBetween(this.today, licence.valid_until);
      return html`<span class="soon">${t('licences.soon', { n: days })}</span>`;
    }
    return licence.valid ? html`<span class="valid">${t('licences.valid')}</span>` : html`${t('licences.over')}`;
  }
}
