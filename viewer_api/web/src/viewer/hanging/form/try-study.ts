import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Study } from '../../../api/types.ts';
import { inWords } from '../../../i18n/errors.ts';
import { t } from '../../../i18n/index.ts';
import { debounce } from '../../../lib/debounce.ts';
import { personName } from '../../../lib/patient.ts';
import { examMoment, fullMoment } from '../../../lib/time.ts';
import { api } from '../../../session.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import { stepName } from '../hang-menu.ts';
import type { Rule } from '../protocols.ts';
import { hungBy, lookAt, type Tried } from './trying.ts';

const MOST = 40;
const QUIET_MS = 250;

/** A study that the rules are tried on, and which of them would hang it. Fires `tried` with it, or `null`. */
@customElement('hang-try-study')
export class HangTryStudy extends AppElement {
  /** The study that it begins with; empty for none. */
  @property() study = '';
  /** As they are edited, in the order in which they are asked. */
  @property({ attribute: false }) rules: readonly Rule[] = [];
  @property({ attribute: false }) tried: Tried | null = null;
  @state() private studies: readonly Study[] = [];
  @state() private chosen = '';
  @state() private problem = '';
  #wanted = '';
  readonly #soon = debounce(() => void this.#search(), QUIET_MS);

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 10px;
        align-items: center;
        padding: 8px 14px;
      }
      h2 {
        font-size: 14px;
        font-weight: 600;
      }
      input {
        width: 215px;
      }
      select {
        flex: 1 1 300px;
        min-width: 0;
        max-width: 520px;
      }
      p {
        flex: 1 1 260px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#search();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#soon.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study') && this.study !== '') void this.#try(this.study);
  }

  override render(): TemplateResult {
    const found = this.studies.some(({ study_instance_uid: uid }) => uid === this.chosen);
    return html`<h2>${t('hangrule.try')}</h2>
      <input
        type="search"
        data-testid="try-search"
        aria-label=${t('hangrule.try.search')}
        placeholder=${t('hangrule.try.search')}
        @input=${(event: Event) => {
          this.#wanted = (event.target as HTMLInputElement).value.trim();
          this.#soon();
        }}
      />
      <select data-testid="try-study" aria-label=${t('hangrule.try.study')} @change=${(event: Event) => void this.#try((event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${this.chosen === ''}>${t('hangrule.try.none')}</option>
        ${found || this.tried === null ? nothing : html`<option value=${this.chosen} selected>${examWords(this.tried.study)}</option>`}
        ${this.studies.map((one) => html`<option value=${one.study_instance_uid} ?selected=${one.study_instance_uid === this.chosen}>${examWords(one)}</option>`)}
      </select>
      <p role="status" data-testid="try-answer">${this.#answer()}</p>`;
  }

  #answer(): TemplateResult | string {
    if (this.problem !== '') return html`<span class="field-error">${this.problem}</span>`;
    if (this.chosen === '') return html`<span class="muted">${t('hangrule.try.hint')}</span>`;
    if (this.tried === null) return t('app.loading');
    const step = hungBy(this.rules, this.tried);
    if (step === null) return t('hangrule.try.by_none');
    return html`${t('hangrule.try.by')} <b data-testid="try-by">${stepName(step)}</b> <small class="muted">${t(`hang.owner.${step.rule.owner}`)}</small>`;
  }

  async #search(): Promise<void> {
    const wanted = this.#wanted;
    const found = await api.studies({ q: wanted, limit: MOST }).catch(() => null);
    if (found !== null && wanted === this.#wanted) this.studies = found.items;
  }

  async #try(uid: string): Promise<void> {
    this.chosen = uid;
    this.problem = '';
    this.tell<Tried | null>('tried', null);
    if (uid === '') return;
    try {
      const tried = await lookAt(uid);
      if (uid === this.chosen) this.tell<Tried | null>('tried', tried);
    } catch (error) {
      if (uid === this.chosen) this.problem = inWords(error);
    }
  }
}

function examWords(study: Study): string {
  const { modality, description, body_part, patient, first_received_at } = study;
  return [modality, description || body_part, personName(patient.name), examMoment(study, fullMoment(first_received_at))].filter((part) => part !== '').join(' · ');
}
