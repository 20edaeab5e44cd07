import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';

import type { FieldSpec, Value } from '../api/templates-types.ts';
import { t, type Language } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { SIDES, type Filled } from './values.ts';
import './option-search.ts';

export interface FieldChange {
  field: string;
  value: Value;
}

/** More are not shown as boxes but looked for. */
const MOST_BOXES = 30;

/** The fields of a template that are asked for now. Fires `field-change`. */
@customElement('structured-form')
export class StructuredForm extends AppElement {
  @property({ attribute: false }) filled!: Filled;
  @property() language: Language = 'zh';

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(146px, 1fr));
        gap: 3px 10px;
        grid-auto-rows: max-content;
        align-content: start;
        overflow: auto;
        padding: 2px;
      }
      .field {
        display: grid;
        grid-template-columns: 62px minmax(0, 1fr);
        gap: 6px;
        align-items: center;
        min-height: 28px;
        border: 0;
        margin: 0;
        padding: 0;
      }
      .wide {
        grid-column: 1 / -1;
        align-items: start;
      }
      .name {
        color: var(--muted);
        font-size: 12px;
        line-height: 1.25;
        overflow-wrap: anywhere;
      }
      .abnormal .name {
        color: var(--late);
        font-weight: 600;
      }
      .needs select,
      .needs input:not([type='radio']):not([type='checkbox']),
      .needs .choices {
        outline: 1px dashed var(--soon);
        outline-offset: 0;
      }
      select,
      input {
        width: 100%;
        min-height: 26px;
        padding: 0 6px;
        font-size: 13px;
      }
      .unit {
        display: flex;
        gap: 4px;
        align-items: center;
        font-size: 12.5px;
        color: var(--muted);
        white-space: nowrap;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        font-size: 12.5px;
        border-radius: 4px;
      }
      .choices label {
        display: inline-flex;
        gap: 4px;
        align-items: center;
        cursor: pointer;
      }
      .choices input {
        width: 14px;
        min-height: 0;
        height: 14px;
        margin: 0;
      }
    `,
  ];

  focusFirst(): void {
    this.renderRoot.querySelector<HTMLElement>('select, input')?.focus();
  }

  override render(): TemplateResult {
    // Kept by name: a select that became another field's would show nothing.
    return html`${repeat(this.filled.asked, ({ id }) => id, (field) => this.#field(field))}`;
  }

  #field(field: FieldSpec): TemplateResult {
    const states = [
      this.filled.isAbnormal(field.id) ? 'abnormal' : '',
      isNeeded(field) && !this.filled.isFilled(field.id) ? 'needs' : '',
      field.type === 'several' ? 'wide' : '',
    ];
    const name = html`<span class="name" id="name-${field.id}">${field.label[this.language]}</span>`;
    const control = this.#control(field);
    return html`<div class="field ${states.join(' ')}" data-testid="field-${field.id}">${name}${control}</div>`;
  }

  #control(field: FieldSpec): TemplateResult {
    if (field.type === 'choice') return this.#choice(field);
    if (field.type === 'several') return this.#several(field);
    if (field.type === 'side') return this.#side(field);
    return field.type === 'number' ? this.#number(field) : this.#text(field);
  }

  #choice(field: FieldSpec): TemplateResult {
    const value = this.filled.values.get(field.id) ?? '';
    return html`<select
      name=${field.id}
      aria-labelledby="name-${field.id}"
      .value=${live(String(value))}
      @change=${(event: Event) => this.#set(field.id, (event.target as HTMLSelectElement).value || null)}
    >
      ${field.default === undefined || value === '' ? html`<option value="" ?selected=${value === ''}>${t('tpl.choose')}</option>` : nothing}
      ${(field.options ?? []).map(
        (option) => html`<option value=${option.value} ?selected=${option.value === value}>${option.label[this.language]}</option>`,
      )}
    </select>`;
  }

  #several(field: FieldSpec): TemplateResult {
    const chosen = this.filled.chosen(field.id);
    const toggle = (value: string): void =>
      this.#set(field.id, chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
    if ((field.options ?? []).length > MOST_BOXES) {
      return html`<option-search .field=${field} .chosen=${chosen} .language=${this.language} @toggle=${(event: CustomEvent<string>) => toggle(event.detail)}></option-search>`;
    }
    return html`<span class="choices" role="group" aria-labelledby="name-${field.id}">
      ${(field.options ?? []).map(
        ({ value, label }) => html`<label>
          <input type="checkbox" name=${field.id} .checked=${live(chosen.includes(value))} @change=${() => toggle(value)} />
          <span>${label[this.language]}</span>
        </label>`,
      )}
    </span>`;
  }

  #side(field: FieldSpec): TemplateResult {
    return html`<span class="choices" role="radiogroup" aria-labelledby="name-${field.id}">
      ${Object.keys(SIDES).map(
        (side) => html`<label>
          <input
            type="radio"
            name=${field.id}
            value=${side}
            .checked=${live(this.filled.values.get(field.id) === side)}
            @change=${() => this.#set(field.id, side)}
          />
          <span>${t(`tpl.side.${side as 'left' | 'right' | 'bilateral'}`)}</span>
        </label>`,
      )}
    </span>`;
  }

  #number(field: FieldSpec): TemplateResult {
    return html`<span class="unit"
      ><input
        name=${field.id}
        inputmode="decimal"
        autocomplete="off"
        aria-labelledby="name-${field.id}"
        .value=${String(this.filled.number(field.id) ?? '')}
        @input=${(event: Event) => this.#typedNumber(field, event.target as HTMLInputElement)}
      />${field.unit?.[this.language] ?? ''}</span
    >`;
  }

  #text(field: FieldSpec): TemplateResult {
    return html`<input
      name=${field.id}
      maxlength="500"
      autocomplete="off"
      aria-labelledby="name-${field.id}"
      .value=${live(String(this.filled.values.get(field.id) ?? ''))}
      @input=${(event: Event) => this.#set(field.id, (event.target as HTMLInputElement).value || null)}
    />`;
  }

  /** Only a number that can be true goes into the report; what is half typed waits. */
  #typedNumber(field: FieldSpec, input: HTMLInputElement): void {
    const text = input.value.trim();
    const number = Number(text);
    const isPossible = Number.isFinite(number) && number >= (field.min ?? -Infinity) && number <= (field.max ?? Infinity);
    input.setAttribute('aria-invalid', String(text !== '' && !isPossible));
    if (text === '') this.#set(field.id, null);
    else if (isPossible) this.#set(field.id, number);
  }

  #set(field: string, value: Value): void {
    this.tell<FieldChange>('field-change', { field, value });
  }
}

/** Without these a sentence that says something abnormal cannot be said. */
function isNeeded({ type, default: usual, when, coding }: FieldSpec): boolean {
  return type === 'side' || (usual === undefined && (coding !== undefined || (type === 'choice' && when !== undefined)));
}
