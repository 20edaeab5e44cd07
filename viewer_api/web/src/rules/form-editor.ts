import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Content } from '../api/rules-types.ts';
import { t, word } from '../i18n/index.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { editorStyles } from './editor-styles.ts';
import { readCell, rowsOf, shownCell, valueAt, withRows, withValue, type FormField, type FormSpec, type FormTable } from './form-spec.ts';

/** A chapter as fields and tables with names. Fires `change` with the content. */
@customElement('form-editor')
export class FormEditor extends AppElement {
  @property({ attribute: false }) content: Content = {};
  @property({ attribute: false }) spec!: FormSpec;

  static override styles = [
    base,
    controls,
    editorStyles,
    css`
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(230px, 1fr));
        align-items: end;
      }
      label.field input,
      label.field select {
        width: 100%;
      }
      td input {
        width: 100%;
        min-width: 96px;
        text-align: left;
      }
      td input[type='number'] {
        min-width: 72px;
        width: 84px;
        text-align: right;
      }
      table {
        width: 100%;
      }
      .head {
        display: flex;
        gap: 12px;
        align-items: center;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`${this.spec.groups.map(
      ({ title, fields }) =>
        html`<fieldset>
          <legend>${t(title)}</legend>
          ${fields.map(
            (field) => html`<label class="field">${labelOf(field)} ${this.#cell(field, this.content, (content) => this.tell('change', content))}</label>`,
          )}
        </fieldset>`,
    )}
    ${this.spec.tables.map((table) => this.#table(table))}`;
  }

  #table(table: FormTable): TemplateResult {
    const rows = rowsOf(this.content, table);
    const put = (changed: typeof rows): void => this.tell('change', withRows(this.content, table, changed));
    return html`<div class="head">
        <h3>${t(table.title)}</h3>
        <button class="small" data-testid="add-${table.path}" @click=${() => this.#add(table)}>${t('rules.form.add')}</button>
      </div>
      <div class="scroll">
        <table data-testid="table-${table.path}">
          <thead>
            <tr>
              ${table.keyed === undefined ? '' : html`<th scope="col">${word('rules.field', table.keyed)}</th>`}
              ${table.columns.map((field) => html`<th scope="col">${labelOf(field)}</th>`)}
              <th scope="col"><span class="sr-only">${t('rules.remove')}</span></th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ([key, row]) =>
                html`<tr data-key=${key}>
                  ${table.keyed === undefined ? '' : html`<th scope="row">${key}</th>`}
                  ${table.columns.map(
                    (field) =>
                      html`<td>
                        ${this.#cell(field, row, (changed) => put(rows.map((one) => (one[0] === key ? ([key, changed] as const) : one))))}
                      </td>`,
                  )}
                  <td><button class="small quiet" @click=${() => put(rows.filter(([other]) => other !== key))}>${t('rules.remove')}</button></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
  }

  #cell(field: FormField, holder: Content, put: (changed: Content) => void): TemplateResult {
    const shown = shownCell(valueAt(holder, field.path));
    const change = (event: Event): void => {
      event.stopPropagation();
      put(withValue(holder, field.path, readCell(field, (event.target as HTMLInputElement | HTMLSelectElement).value)));
    };
    if (field.kind === 'switch' || field.kind === 'maybe') {
      const choices = field.kind === 'maybe' ? ['', 'true', 'false'] : ['true', 'false'];
      const chosen = shown === '' && field.kind === 'switch' ? 'false' : shown;
      return html`<select data-testid=${field.path} aria-label=${labelOf(field)} @change=${change}>
        ${choices.map((one) => html`<option value=${one} ?selected=${one === chosen}>${t(CHOICES[one]!)}</option>`)}
      </select>`;
    }
    const type = field.kind === 'number' || field.kind === 'time' ? field.kind : 'text';
    return html`<input
      type=${type}
      step="any"
      min=${field.least ?? ''}
      max=${field.most ?? ''}
      data-testid=${field.path}
      aria-label=${labelOf(field)}
      .value=${shown}
      @change=${change}
    />`;
  }

  async #add(table: FormTable): Promise<void> {
    const rows = rowsOf(this.content, table);
    const fresh = Object.fromEntries(
      table.columns.filter(({ optional }) => !optional).map((field) => [field.path, readCell(field, field.kind === 'number' ? String(field.least ?? 0) : '') ?? '']),
    );
    let key = String(rows.length);
    if (table.keyed !== undefined) {
      const label = word('rules.field', table.keyed);
      const answers = await ask({ title: t(table.title), fields: [{ name: 'key', label, kind: 'text', required: true }] });
      key = answers?.['key'] ?? '';
      if (key === '' || rows.some(([other]) => other === key)) return;
    }
    this.tell('change', withRows(this.content, table, [...rows, [key, fresh]]));
  }
}

const CHOICES: Readonly<Record<string, 'rules.form.any' | 'rules.form.yes' | 'rules.form.no'>> = {
  '': 'rules.form.any',
  true: 'rules.form.yes',
  false: 'rules.form.no',
};

function labelOf(field: FormField): string {
  return word('rules.field', field.label);
}
