import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { FieldSpec, OptionSpec } from '../api/templates-types.ts';
import { t, type Language } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { findOptions } from './finding-options.ts';

const MOST_FOUND = 8;

/**
 * A field with many options: those that are chosen, and a line to look for more by code, initials of the pinyin or words.
 * Enter takes the first that was found, Backspace in the empty line the last that was chosen. Fires `toggle`.
 */
@customElement('option-search')
export class OptionSearch extends AppElement {
  @property({ attribute: false }) field!: FieldSpec;
  @property({ attribute: false }) chosen: readonly string[] = [];
  @property() language: Language = 'zh';
  @state() private letters = '';

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        gap: 3px;
        min-width: 0;
      }
      .chosen,
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 3px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      input {
        width: 100%;
        min-height: 26px;
        padding: 0 6px;
        font-size: 13px;
      }
      button {
        font-size: 12.5px;
        padding: 1px 6px;
      }
      li:first-child button {
        border-color: var(--accent);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult {
    const options = this.field.options ?? [];
    const taken = options.filter(({ value }) => this.chosen.includes(value));
    return html`
      ${taken.length === 0
        ? nothing
        : html`<span class="chosen">
            ${taken.map(
              (option) => html`<button type="button" class="small" title=${t('tpl.take_away')} @click=${() => this.#toggle(option)}>
                ${option.label[this.language]} ×
              </button>`,
            )}
          </span>`}
      <input
        name=${this.field.id}
        autocomplete="off"
        aria-label=${this.field.label[this.language]}
        placeholder=${t('tpl.look_for')}
        .value=${this.letters}
        @input=${(event: Event) => (this.letters = (event.target as HTMLInputElement).value)}
        @keydown=${this.#keydown}
      />
      ${this.#results()}
    `;
  }

  get #found(): OptionSpec[] {
    const left = (this.field.options ?? []).filter(({ value }) => !this.chosen.includes(value));
    return findOptions(left, this.letters, MOST_FOUND);
  }

  #results(): TemplateResult | typeof nothing {
    if (this.letters.trim() === '') return nothing;
    const found = this.#found;
    if (found.length === 0) return html`<small role="status">${t('tpl.nothing_found')}</small>`;
    return html`<ul>
      ${found.map(
        (option) => html`<li>
          <button type="button" class="small quiet" @click=${() => this.#toggle(option)}>
            ${option.label[this.language]} <small>${option.code ?? ''}</small>
          </button>
        </li>`,
      )}
    </ul>`;
  }

  #toggle(option: OptionSpec): void {
    this.letters = '';
    this.tell<string>('toggle', option.value);
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const first = this.#found[0];
    const last = (this.field.options ?? []).filter(({ value }) => this.chosen.includes(value)).at(-1);
    if (event.key === 'Enter' && first !== undefined) this.#toggle(first);
    else if (event.key === 'Backspace' && this.letters === '' && last !== undefined) this.#toggle(last);
    else return;
    event.preventDefault();
  };
}
