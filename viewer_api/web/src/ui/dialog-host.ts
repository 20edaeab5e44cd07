import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { pending, type Field } from './dialog.ts';
import { AppElement } from './element.ts';
import { icon } from './icons.ts';
import { base, controls } from './styles.ts';

/** Draws the question that {@link ask} poses, as a modal dialog. */
@customElement('dialog-host')
export class DialogHost extends AppElement {
  @query('dialog') private dialog!: HTMLDialogElement;
  @state() private missing: ReadonlySet<string> = new Set();
  #shown: unknown = null;

  static override styles = [
    base,
    controls,
    css`
      dialog {
        width: min(480px, calc(100vw - 32px));
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(6 12 18 / 55%);
      }
      form {
        display: grid;
        gap: 14px;
        padding: 20px 22px;
      }
      h2 {
        font-size: 17px;
        font-weight: 600;
      }
      label {
        display: grid;
        gap: 4px;
      }
      label > span:first-child {
        color: var(--muted);
        font-size: 13px;
      }
      textarea {
        min-height: 92px;
      }
      footer {
        display: flex;
        justify-content: flex-end;
        gap: 10px;
        margin-top: 4px;
      }
      .bar {
        height: 14px;
        margin: 6px 0;
        border: solid var(--text);
        border-width: 0 1px;
        background: linear-gradient(var(--text), var(--text)) center / 100% 1px no-repeat;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(pending);
  }

  protected override updated(_changed: PropertyValues): void {
    const current = pending.value;
    if (current === this.#shown) return;
    this.#shown = current;
    if (current === null) {
      this.dialog.close();
      return;
    }
    this.missing = new Set();
    this.dialog.querySelector('form')?.reset();
    if (!this.dialog.open) this.dialog.showModal();
    const first = this.dialog.querySelector<HTMLElement>('textarea, input, select') ?? this.#ok();
    first?.focus();
  }

  override render(): TemplateResult {
    const question = pending.value?.question;
    return html`<dialog aria-labelledby="title" @cancel=${this.#cancel}>
      ${question === undefined
        ? nothing
        : html`<form method="dialog" novalidate @submit=${this.#submit} @keydown=${this.#keydown}>
            <h2 id="title">${question.title}</h2>
            ${question.text ? html`<p>${question.text}</p>` : nothing}
            ${question.warning
              ? html`<p class="notice danger">${icon('warning')}<span>${question.warning}</span></p>`
              : nothing}
            ${question.bar === undefined ? nothing : html`<div class="bar" style="width: ${question.bar}px"></div>`}
            ${(question.fields ?? []).map((field) => this.#field(field))}
            <footer>
              <button type="button" data-testid="confirm-cancel" @click=${this.#cancel}>${t('app.cancel')}</button>
              <button class="primary ${question.danger ? 'danger' : ''}" data-testid="confirm-ok">
                ${question.ok ?? t('app.ok')}
              </button>
            </footer>
          </form>`}
    </dialog>`;
  }

  #field(field: Field): TemplateResult {
    const missing = this.missing.has(field.name);
    return html`<label>
      <span>${field.label}</span>
      ${this.#control(field, missing)}
      ${missing ? html`<span class="field-error">${t('ask.required')}</span>` : nothing}
    </label>`;
  }

  #control(field: Field, missing: boolean): TemplateResult {
    const testid = `dialog-${field.name}`;
    if (field.kind === 'select') {
      return html`<select name=${field.name} data-testid=${testid}>
        ${(field.choices ?? []).map(
          ({ value, label }) => html`<option value=${value} ?selected=${value === field.value}>${label}</option>`,
        )}
      </select>`;
    }
    return field.kind === 'textarea'
      ? html`<textarea
          name=${field.name}
          data-testid=${testid}
          aria-invalid=${missing}
          placeholder=${field.hint ?? ''}
          .defaultValue=${field.value ?? ''}
        ></textarea>`
      : html`<input
          name=${field.name}
          data-testid=${testid}
          aria-invalid=${missing}
          placeholder=${field.hint ?? ''}
          .defaultValue=${field.value ?? ''}
        />`;
  }

  #ok(): HTMLElement | null {
    return this.dialog.querySelector('[data-testid="confirm-ok"]');
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const question = pending.value?.question;
    const data = new FormData(event.target as HTMLFormElement);
    const answers = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
    const missing = (question?.fields ?? []).filter(({ name, required }) => required && !answers[name]);
    this.missing = new Set(missing.map(({ name }) => name));
    if (missing.length === 0) pending.value?.answer(answers);
  }

  /** Ctrl+Enter sends from a text area, as it does in the report. */
  #keydown(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#ok()?.click();
  }

  #cancel(event: Event): void {
    event.preventDefault();
    pending.value?.answer(null);
  }
}
