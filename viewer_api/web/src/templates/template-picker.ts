import { css, html, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { FittingTemplate } from '../api/templates-types.ts';
import { language, t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';

/** A list of templates to choose from by keyboard. Fires `pick` with one and `close`. */
@customElement('template-picker')
export class TemplatePicker extends AppElement {
  @property({ attribute: false }) templates: readonly FittingTemplate[] = [];
  @state() private filter = '';
  @state() private at = 0;
  @query('input') private input!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    css`
      :host {
        padding: 6px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      input {
        width: 100%;
      }
      ul {
        max-height: 220px;
        margin-top: 4px;
        overflow: auto;
      }
      li {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        padding: 4px 8px;
        border-radius: 5px;
        cursor: pointer;
      }
      li[aria-selected='true'] {
        background: var(--accent-soft);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.input.focus();
  }

  override render(): TemplateResult {
    const found = this.#found();
    return html`<input
        role="combobox"
        data-testid="template-filter"
        aria-label=${t('tpl.pick')}
        aria-expanded="true"
        aria-controls="templates"
        aria-activedescendant="template-${this.at}"
        placeholder=${t('tpl.pick.filter')}
        @input=${this.#typed}
        @keydown=${this.#keydown}
        @blur=${() => this.tell('close')}
      />
      <ul id="templates" role="listbox" aria-label=${t('tpl.pick')}>
        ${found.length === 0 ? html`<li>${t('tpl.pick.none')}</li>` : found.map((one, n) => this.#line(one, n))}
      </ul>`;
  }

  #line(template: FittingTemplate, n: number): TemplateResult {
    const pick = (event: Event): void => {
      event.preventDefault();
      this.tell('pick', template);
    };
    return html`<li id="template-${n}" role="option" data-testid="template-option" aria-selected=${n === this.at} @mousedown=${pick}>
      <span>${template.content.title[language.value]}</span><small>${t(`tpl.level.${template.level}`)}</small>
    </li>`;
  }

  #found(): FittingTemplate[] {
    const wanted = this.filter.trim().toLowerCase();
    return this.templates.filter(({ key, content: { title } }) =>
      [key, title.zh, title.en].some((one) => one.toLowerCase().includes(wanted)),
    );
  }

  readonly #typed = (): void => {
    this.filter = this.input.value;
    this.at = 0;
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const found = this.#found();
    const { key } = event;
    if (key === 'ArrowDown') this.at = Math.min(this.at + 1, found.length - 1);
    else if (key === 'ArrowUp') this.at = Math.max(this.at - 1, 0);
    else if (key === 'Enter') this.#enter(found[this.at]);
    else if (key === 'Escape') this.tell('close');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #enter(found: FittingTemplate | undefined): void {
    if (found !== undefined) this.tell('pick', found);
  }
}
