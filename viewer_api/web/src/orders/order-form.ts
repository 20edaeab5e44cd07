import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { language, t, word } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { orders } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import type { GreenChannel, OrderRules, OrderPatient } from './orders-api.ts';
import { missingFields, withExam, type OrderDraft } from './order-words.ts';

const TYPING_MS = 300;
const PRIORITIES = ['P1', 'P2', 'P3'] as const;
const GREEN = ['chest_pain', 'stroke', 'trauma'] as const;
const SEXES = ['M', 'F', 'O'] as const;

/** The fields of an order. Fires `draft` with the whole draft at every change. */
@customElement('order-form')
export class OrderForm extends AppElement {
  @property({ attribute: false }) draft!: OrderDraft;
  @property({ attribute: false }) rules!: OrderRules;
  /** Whether what is missing is marked: once somebody has tried to go on. */
  @property({ type: Boolean }) strict = false;
  /** The county's staff say which clinic examines. */
  @property({ type: Boolean }) choosesClinic = false;
  @state() private found: readonly OrderPatient[] = [];
  #wanted = '';
  readonly #find = debounce(() => void this.#look(this.#wanted), TYPING_MS);

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(210px, 1fr));
        gap: 12px 16px;
        margin: 0;
        padding: 14px 16px;
        border: 0;
        border-top: 1px solid var(--line);
      }
      legend {
        float: left;
        grid-column: 1 / -1;
        padding: 0;
        color: var(--muted);
        font-weight: 600;
      }
      label {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 4px;
        align-content: start;
        min-width: 0;
      }
      label > span {
        color: var(--muted);
        font-size: 13px;
      }
      .wide {
        grid-column: 1 / -1;
      }
      input,
      select,
      textarea {
        width: 100%;
        min-height: 40px;
        font-size: 16px;
      }
      small {
        color: var(--muted);
      }
      .known {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`${this.#patient()} ${this.#exam()} ${this.#reasons()}`;
  }

  #patient(): TemplateResult {
    const { patient } = this.draft;
    return html`<fieldset>
      <legend>${t('orders.patient')}</legend>
      ${this.choosesClinic
        ? html`<label><span>${t('orders.clinic')}</span>
            <input data-testid="order-clinic" .value=${this.draft.institution} @input=${(event: Event) => this.#set({ institution: valueOf(event) })} /></label>`
        : nothing}
      <label class="wide">
        <span>${t('orders.patient.find')}</span>
        <input type="search" data-testid="patient-find" @input=${this.#typed} />
      </label>
      ${this.found.length === 0
        ? nothing
        : html`<div class="known wide" aria-label=${t('orders.patient.known')}>
            ${this.found.map(
              (one) =>
                html`<button class="small" data-testid="known-patient" @click=${() => this.#known(one)}>
                  ${one.name} · ${one.id}${one.birth_date === '' ? '' : ` · ${one.birth_date}`}
                </button>`,
            )}
          </div>`}
      ${this.#text('id', t('orders.patient.id'), patient.id)} ${this.#text('name', t('orders.patient.name'), patient.name)}
      <label>
        <span>${t('orders.patient.card')}</span>
        <input data-testid="patient-card" .value=${patient.id_card_number} maxlength="18" autocomplete="off"
          @input=${(event: Event) => this.#patientIs({ id_card_number: valueOf(event).trim() })} />
        <small>${t('orders.patient.card.hint')}</small>
      </label>
      <label>
        <span>${t('orders.patient.sex')}</span>
        <select data-testid="patient-sex" @change=${(event: Event) => this.#patientIs({ sex: valueOf(event) })}>
          <option value="" ?selected=${patient.sex === ''}></option>
          ${SEXES.map((sex) => html`<option value=${sex} ?selected=${patient.sex === sex}>${word('sex', sex)}</option>`)}
        </select>
      </label>
      <label>
        <span>${t('orders.patient.birth')}</span>
        <input type="date" .value=${patient.birth_date} @input=${(event: Event) => this.#patientIs({ birth_date: valueOf(event) })} />
      </label>
      <label>
        <span>${t('orders.patient.phone')}</span>
        <input type="tel" .value=${patient.phone} maxlength="32" @input=${(event: Event) => this.#patientIs({ phone: valueOf(event) })} />
      </label>
    </fieldset>`;
  }

  #text(name: 'id' | 'name', label: string, value: string): TemplateResult {
    return html`<label>
      <span>${label}</span>
      <input data-testid="patient-${name}" .value=${value} maxlength="64" required aria-invalid=${this.#lacks(name)}
        @input=${(event: Event) => this.#patientIs({ [name]: valueOf(event) })} />
    </label>`;
  }

  #exam(): TemplateResult {
    const modalities = [...new Set(this.rules.exams.map(({ modality }) => modality))];
    return html`<fieldset>
      <legend>${t('orders.exam')}</legend>
      <label class="wide">
        <span class="sr-only">${t('orders.exam')}</span>
        <select data-testid="exam" aria-invalid=${this.#lacks('exam')} @change=${(event: Event) => this.#choose(valueOf(event))}>
          <option value="" ?selected=${this.draft.exam === ''}>${this.draft.procedure_description || t('orders.exam.choose')}</option>
          ${modalities.map(
            (modality) =>
              html`<optgroup label=${word('modality', modality)}>
                ${this.rules.exams
                  .filter((one) => one.modality === modality)
                  .map(
                    (one) =>
                      html`<option value=${one.code} ?selected=${this.draft.exam === one.code}>${language.value === 'zh' ? one.zh : one.en}</option>`,
                  )}
              </optgroup>`,
          )}
        </select>
      </label>
      <label>
        <span>${t('orders.when')}</span>
        <input type="datetime-local" .value=${this.draft.when} aria-invalid=${this.#lacks('when')}
          @input=${(event: Event) => this.#set({ when: valueOf(event) })} />
      </label>
      <label>
        <span>${t('orders.green')}</span>
        <select data-testid="green" @change=${(event: Event) => this.#set({ green_channel: valueOf(event) as GreenChannel })}>
          <option value="" ?selected=${this.draft.green_channel === ''}>${t('orders.green.none')}</option>
          ${GREEN.map((kind) => html`<option value=${kind} ?selected=${this.draft.green_channel === kind}>${t(`orders.green.${kind}`)}</option>`)}
        </select>
      </label>
      <label>
        <span>${t('orders.priority')}</span>
        <select data-testid="priority" ?disabled=${this.draft.green_channel !== ''}
          @change=${(event: Event) => this.#set({ priority: valueOf(event) as OrderDraft['priority'] })}>
          ${PRIORITIES.map((one) => html`<option value=${one} ?selected=${this.draft.priority === one}>${t(`priority.${one}`)}</option>`)}
        </select>
      </label>
    </fieldset>`;
  }

  #reasons(): TemplateResult {
    return html`<fieldset>
      <legend>${t('orders.clinical')}</legend>
      <label class="wide">
        <span>${t('orders.info')}</span>
        <textarea rows="3" maxlength="10000" data-testid="clinical-information" .value=${this.draft.clinical_information}
          @input=${(event: Event) => this.#set({ clinical_information: valueOf(event) })}></textarea>
      </label>
      <label>
        <span>${t('orders.diagnosis')}</span>
        <input maxlength="1000" .value=${this.draft.diagnosis} @input=${(event: Event) => this.#set({ diagnosis: valueOf(event) })} />
      </label>
      <label>
        <span>${t('orders.doctor')}</span>
        <input maxlength="64" .value=${this.draft.referring_doctor} @input=${(event: Event) => this.#set({ referring_doctor: valueOf(event) })} />
      </label>
    </fieldset>`;
  }

  #lacks(name: 'id' | 'name' | 'exam' | 'when'): 'true' | 'false' {
    return this.strict && missingFields(this.draft).includes(name) ? 'true' : 'false';
  }

  #choose(code: string): void {
    const exam = this.rules.exams.find((one) => one.code === code);
    if (exam !== undefined) this.tell('draft', withExam(this.draft, exam));
  }

  #known(patient: OrderPatient): void {
    this.found = [];
    this.#set({ patient });
  }

  #patientIs(change: Partial<OrderPatient>): void {
    this.#set({ patient: { ...this.draft.patient, ...change } });
  }

  #set(change: Partial<OrderDraft>): void {
    this.tell('draft', { ...this.draft, ...change });
  }

  #typed = (event: Event): void => {
    this.#wanted = valueOf(event);
    this.#find();
  };

  async #look(text: string): Promise<void> {
    if (text.trim() === '') {
      this.found = [];
      return;
    }
    // Finding somebody is a help: without it the fields are typed.
    const answer = await orders.patients(text.trim(), this.draft.institution).catch(() => null);
    this.found = answer?.items ?? [];
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
