import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { PatientRow, WholePerson } from '../api/persons-types.ts';
import { t } from '../i18n/index.ts';
import { hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { patientFacts } from './patient-facts.ts';
import './study-list.ts';

export interface MergeOrder {
  survivor: number;
  merged: number;
  reason: string;
}

/**
 * Two persons beside each other, and what will be seen together when they are merged. Fires `merge` with an order,
 * `propose` with the two rows, and `leave`.
 */
@customElement('merge-panel')
export class MergePanel extends AppElement {
  @property({ attribute: false }) first!: WholePerson;
  @property({ attribute: false }) second!: WholePerson;
  @state() private stands = 0;
  @state() private reason = '';

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 16px;
        padding: 12px 16px;
      }
      label.side {
        display: grid;
        gap: 6px;
        align-content: start;
        padding: 10px 12px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        cursor: pointer;
      }
      label.side:has(input:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .pick {
        display: flex;
        gap: 6px;
        align-items: center;
        font-weight: 600;
      }
      .pick input {
        min-height: 0;
      }
      small {
        display: block;
        color: var(--muted);
      }
      h3 {
        padding: 4px 16px;
        font-size: 14px;
      }
      .text {
        padding: 0 16px 8px;
        color: var(--muted);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        align-items: center;
        padding: 12px 16px;
        border-top: 1px solid var(--line);
      }
      footer input {
        flex: 1;
        min-width: 220px;
      }
    `,
  ];

  override render(): TemplateResult {
    const studies = [...this.first.studies, ...this.second.studies].sort((a, b) => b.at.localeCompare(a.at));
    const mayMerge = hasRole('manager', 'admin');
    return html`<section class="card" data-testid="merge-panel">
      <header><h2>${t('patients.merge.title')}</h2></header>
      <div class="two">${[this.first, this.second].map((person, index) => this.#side(person, index))}</div>
      <h3>${t('patients.merge.preview')}</h3>
      <p class="text">${t('patients.merge.preview.text', { n: studies.length })}</p>
      <person-studies .studies=${studies}></person-studies>
      <footer>
        <input
          data-testid="merge-reason"
          aria-label=${t('patients.reason')}
          placeholder=${t('patients.merge.reason.hint')}
          .value=${this.reason}
          @input=${(event: InputEvent) => (this.reason = (event.target as HTMLInputElement).value)}
        />
        <button @click=${() => this.tell('leave')}>${t('app.cancel')}</button>
        ${mayMerge
          ? html`<button class="primary" data-testid="merge-confirm" ?disabled=${this.reason.trim() === ''} @click=${this.#merge}>
              ${t('patients.merge')}
            </button>`
          : html`<button class="primary" data-testid="merge-propose" @click=${this.#propose}>${t('patients.propose')}</button>`}
      </footer>
    </section>`;
  }

  #side(person: WholePerson, index: number): TemplateResult {
    return html`<label class="side">
      <span class="pick">
        <input type="radio" name="stands" .checked=${this.stands === index} @change=${() => (this.stands = index)} />
        ${t('patients.merge.stays')}
      </span>
      ${standing(person).map((row) => html`<div>${patientFacts(row)}</div>`)}
      ${person.rows.length > 1 ? html`<small>${t('patients.rows')}: ${person.rows.length}</small>` : nothing}
    </label>`;
  }

  #merge = (): void => {
    const [survivor, merged] = this.stands === 0 ? [this.first, this.second] : [this.second, this.first];
    this.tell<MergeOrder>('merge', { survivor: survivor.person, merged: merged.person, reason: this.reason.trim() });
  };

  #propose = (): void => {
    this.tell('propose', { first: this.first.person, second: this.second.person, note: this.reason.trim() });
  };
}

/** The row that stands for the person, then the others. */
function standing(person: WholePerson): PatientRow[] {
  return [...person.rows].sort((a, b) => Number(b.id === person.person) - Number(a.id === person.person));
}
