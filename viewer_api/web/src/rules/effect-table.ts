import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { RulesPreview, Tally } from '../api/rules-types.ts';
import { t, word } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { editorStyles } from './editor-styles.ts';

const STANDINGS = ['on_time', 'late', 'breached'] as const satisfies readonly (keyof Tally)[];

/** What the proposed service times would have made of the last 30 days, beside what the present ones did. */
@customElement('effect-table')
export class EffectTable extends AppElement {
  @property({ attribute: false }) preview: RulesPreview = { effects: [], warnings: [] };

  static override styles = [base, controls, editorStyles];

  override render(): TemplateResult {
    const { effects, warnings } = this.preview;
    return html`${warnings.map((words) => html`<p class="notice warn">${words}</p>`)}
    ${effects.length === 0
      ? html`<p class="notice ok" data-testid="preview-ok">${t('rules.preview.valid')}</p>`
      : html`<div class="scroll">
          <table data-testid="effects">
            <thead>
              <tr>
                <th scope="col">${t('rules.preview.class')}</th>
                <th scope="col">${t('rules.preview.tasks')}</th>
                ${STANDINGS.map((one) => html`<th scope="col">${t(`rules.preview.${one}`)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${effects.map(
                (one) =>
                  html`<tr>
                    <th scope="row">${one.priority} ${word('priority', one.priority)} · ${word('modality', one.modality)}</th>
                    <td class="num">${one.tasks}</td>
                    ${STANDINGS.map(
                      (name) =>
                        html`<td class="num">
                          ${one.present[name]}${one.present[name] === one.proposed[name]
                            ? nothing
                            : html` → <b>${one.proposed[name]}</b>`}
                        </td>`,
                    )}
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`}`;
  }
}
