import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Content } from '../api/rules-types.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';

/** A chapter as formatted JSON. Fires `change` with the content, or with null while it cannot be read. */
@customElement('json-editor')
export class JsonEditor extends AppElement {
  @property({ attribute: false }) content: Content | null = {};
  @state() private text = '';
  @state() private fault = '';

  static override styles = [
    base,
    controls,
    css`
      textarea {
        width: 100%;
        min-height: 420px;
        font: 13px/1.5 var(--mono);
        tab-size: 2;
      }
    `,
  ];

  override willUpdate(changed: PropertyValues<this>): void {
    // What is being typed is left as it is: only other content replaces it.
    if (changed.has('content') && this.content !== null && JSON.stringify(this.content) !== this.#read()) {
      this.text = JSON.stringify(this.content, null, 2);
      this.fault = '';
    }
  }

  override render(): TemplateResult {
    return html`<textarea
        data-testid="json"
        spellcheck="false"
        aria-label=${t('rules.json')}
        aria-invalid=${this.fault !== ''}
        .value=${this.text}
        @input=${this.#typed}
        @change=${(event: Event) => event.stopPropagation()}
      ></textarea>
      ${this.fault === '' ? nothing : html`<p class="field-error" role="alert">${t('rules.json.bad', { why: this.fault })}</p>`}`;
  }

  #typed = (event: Event): void => {
    this.text = (event.target as HTMLTextAreaElement).value;
    const content = this.#parsed();
    this.tell('change', content);
  };

  #parsed(): Content | null {
    try {
      const content: unknown = JSON.parse(this.text);
      this.fault = typeof content === 'object' && content !== null && !Array.isArray(content) ? '' : '{ }';
      return this.fault === '' ? (content as Content) : null;
    } catch (error) {
      this.fault = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  #read(): string {
    try {
      return JSON.stringify(JSON.parse(this.text));
    } catch {
      return '';
    }
  }
}
