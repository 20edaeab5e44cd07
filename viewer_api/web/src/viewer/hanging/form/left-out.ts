import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { localName, t } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import type { LeftOutRule } from '../hanging-api.ts';
import { inWords } from './faults.ts';

/** Stored rules that hang nothing, and why. Fires `forget` with `at` of one that is to be deleted. */
@customElement('hang-left-out')
export class HangLeftOut extends AppElement {
  @property({ attribute: false }) rules: readonly LeftOutRule[] = [];
  @property() owner: 'own' | 'county' = 'own';
  @property({ type: Boolean }) readonly = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        padding: 8px 14px;
        font-size: 13px;
      }
      ul {
        display: grid;
        gap: 6px;
        margin-top: 6px;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-items: center;
      }
      ol {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
        gap: 2px 14px;
        color: var(--muted);
        list-style: none;
      }
      code {
        font-family: var(--mono);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<p>${t(`hangrule.left_out.${this.owner}`)}</p>
      <ul>
        ${this.rules.map((rule) => this.#rule(rule))}
      </ul>`;
  }

  #rule({ at, key, zh, en, faults }: LeftOutRule): TemplateResult {
    return html`<li data-testid="left-out" data-owner=${this.owner} data-key=${key}>
      <b>${localName(zh, en) || key || t('hangrule.nameless')}</b>
      <ol>
        ${faults.map((fault) => html`<li><code>${fault.field}</code> ${inWords(fault)}</li>`)}
      </ol>
      ${this.readonly ? nothing : html`<button class="small danger" data-testid="left-out-delete" @click=${() => this.tell('forget', at)}>${t('hangrule.delete')}</button>`}
    </li>`;
  }
}
