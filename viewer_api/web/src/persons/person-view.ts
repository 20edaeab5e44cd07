import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Merge, PatientRow, WholePerson } from '../api/persons-types.ts';
import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { hasRole } from '../session.ts';
import { badgeStyles } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { patientFacts } from './patient-facts.ts';
import './candidate-list.ts';
import './study-list.ts';

/** Everybody who is one person: registrations, studies, merges, candidates. Fires `undo` with a merge. */
@customElement('person-view')
export class PersonView extends AppElement {
  @property({ attribute: false }) person!: WholePerson;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        padding: 8px 16px;
        border-top: 1px solid var(--line);
      }
      li > div {
        flex: 1;
        min-width: 0;
      }
      small {
        display: block;
        color: var(--muted);
      }
      .card > header small {
        display: inline;
      }
    `,
  ];

  override render(): TemplateResult {
    const { rows, studies, merges, candidates } = this.person;
    return html`
      <section class="card">
        <header><h2>${t('patients.rows')}</h2><small>${t('patients.rows.text')}</small></header>
        <ul>
          ${rows.map((row) => this.#row(row))}
        </ul>
      </section>
      ${merges.length === 0
        ? nothing
        : html`<section class="card">
            <header><h2>${t('patients.merges')}</h2></header>
            <ul>
              ${merges.map((merge) => this.#merge(merge))}
            </ul>
          </section>`}
      ${candidates.length === 0
        ? nothing
        : html`<section class="card">
            <header><h2>${t('patients.candidates')}</h2><small>${t('patients.candidates.text')}</small></header>
            <candidate-list .pairs=${candidates}></candidate-list>
          </section>`}
      <section class="card">
        <header><h2>${t('patients.all_studies')}</h2></header>
        <person-studies .studies=${studies}></person-studies>
      </section>
    `;
  }

  #row(row: PatientRow): TemplateResult {
    const stands = this.person.rows.length > 1 && row.id === this.person.person;
    return html`<li data-testid="person-row" data-id=${row.id}>
      <div>${patientFacts(row)}</div>
      ${stands ? html`<span class="badge">${t('patients.stands')}</span>` : nothing}
      <span class="num muted">${t('patients.studies', { n: row.studies })}</span>
    </li>`;
  }

  #merge(merge: Merge): TemplateResult {
    const words = t('patients.merges.line', { by: merge.by_name || merge.by, at: fullMoment(merge.at), reason: merge.reason });
    return html`<li data-testid="merge" data-id=${merge.id}>
      <div>${words}</div>
      ${hasRole('manager', 'admin')
        ? html`<button class="small" data-testid="merge-undo" @click=${() => this.tell('undo', merge)}>${t('patients.undo')}</button>`
        : nothing}
    </li>`;
  }
}
