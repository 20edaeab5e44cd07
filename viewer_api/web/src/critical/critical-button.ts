import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { CriticalCase, CriticalFinding, Told } from '../api/critical-types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { links } from '../router.ts';
import { criticalApi, hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { matching } from './matching.ts';
import { openCases } from './watch.ts';

const OTHER = 'OTHER';

/** Records a critical value of a study in one step, without leaving the case: what, in words, and who was told. */
@customElement('critical-button')
export class CriticalButton extends AppElement {
  @property() study = '';
  @property() modality = '';
  @state() private findings: readonly CriticalFinding[] = [];
  @state() private typed = '';
  @state() private chosen = '';
  @state() private error = '';
  @state() private busy = false;
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    controls,
    css`
      .open {
        border-color: #d9534a;
        background: #b3261e;
        color: #fff;
        font-weight: 600;
      }
      .open:hover:not(:disabled) {
        background: #8f1d16;
      }
      dialog {
        width: min(560px, calc(100vw - 24px));
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(6 12 18 / 45%);
      }
      form {
        display: grid;
        gap: 12px;
        padding: 18px 20px;
      }
      h2 {
        font-size: 17px;
      }
      label {
        display: grid;
        gap: 4px;
      }
      label > span {
        color: var(--muted);
        font-size: 13px;
      }
      .codes {
        display: grid;
        max-height: 196px;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      .codes button {
        justify-content: space-between;
        min-height: 32px;
        border: 0;
        border-radius: 0;
        text-align: left;
        white-space: normal;
      }
      .codes button[aria-selected='true'] {
        background: var(--accent-soft);
        font-weight: 600;
      }
      .codes small {
        color: var(--faint);
      }
      .pair {
        display: grid;
        grid-template-columns: 130px 1fr;
        gap: 12px;
      }
      footer {
        display: flex;
        gap: 10px;
        justify-content: flex-end;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(openCases);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('modality')) this.findings = [];
  }

  override render(): TemplateResult | typeof nothing {
    if (!hasRole('radiologist', 'auditor', 'clinic')) return nothing;
    return html`<button class="open small" data-testid="critical-open" @click=${this.#open}>
        ${icon('breached', 16)}${t('critical.button')}
      </button>
      <dialog aria-labelledby="title" @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
        <form method="dialog" @submit=${this.#submit}>
          <h2 id="title">${t('critical.raise')}</h2>
          ${this.#known()}
          <label>
            <span>${t('critical.item')}</span>
            <input
              type="search"
              autocomplete="off"
              data-testid="critical-search"
              placeholder=${t('critical.search')}
              .value=${this.typed}
              @input=${this.#type}
              @keydown=${this.#pickFirst}
            />
          </label>
          <div class="codes" role="listbox" aria-label=${t('critical.item')}>${this.#choices()}</div>
          <label>
            <span>${t('critical.finding')}</span>
            <textarea
              name="finding"
              required
              maxlength="2000"
              data-testid="critical-words"
              placeholder=${t('critical.words.hint')}
            ></textarea>
          </label>
          ${hasRole('clinic') ? nothing : this.#told()}
          ${this.error === '' ? nothing : html`<p class="notice danger" role="alert">${this.error}</p>`}
          <footer>
            <button type="button" @click=${() => this.dialog.close()}>${t('app.cancel')}</button>
            <button class="primary danger" data-testid="critical-raise" ?disabled=${this.busy}>
              ${t(hasRole('clinic') ? 'critical.raise.suspect' : 'critical.raise.ok')}
            </button>
          </footer>
        </form>
      </dialog>`;
  }

  #known(): TemplateResult | typeof nothing {
    const known = openCases.value.filter(({ study_instance_uid }) => study_instance_uid === this.study);
    if (known.length === 0) return nothing;
    return html`<p class="notice warn">
      <span>
        ${t('critical.known')}:
        ${known.map(
          (one) =>
            html`<a href=${links.critical(one.id)}>${localName(one.name, one.name_en)} (${t(`critical.state.${one.state}`)})</a> `,
        )}
      </span>
    </p>`;
  }

  #told(): TemplateResult {
    return html`<div class="pair">
        <label>
          <span>${t('critical.method')}</span>
          <select name="method">
            <option value="phone">${t('critical.method.phone')}</option>
            <option value="in_person">${t('critical.method.in_person')}</option>
          </select>
        </label>
        <label>
          <span>${t('critical.phoned')}</span>
          <input name="receiver" maxlength="64" data-testid="critical-told" placeholder=${t('critical.phoned.hint')} />
        </label>
      </div>
      <label>
        <span>${t('critical.heard_back')}</span>
        <input name="read_back" maxlength="2000" />
      </label>`;
  }

  #choices(): TemplateResult[] {
    const other = { code: OTHER, name: t('critical.other_code'), name_en: t('critical.other_code'), initials: '' };
    return [...matching(this.findings, this.typed), other].map(
      (one) =>
        html`<button
          type="button"
          role="option"
          class="quiet"
          data-code=${one.code}
          aria-selected=${this.chosen === one.code}
          @click=${() => this.#choose(one.code)}
        >
          <span>${localName(one.name, one.name_en)}</span><small>${one.initials}</small>
        </button>`,
    );
  }

  async #open(): Promise<void> {
    this.typed = '';
    this.chosen = '';
    this.error = '';
    this.dialog.querySelector('form')?.reset();
    this.dialog.showModal();
    if (this.findings.length > 0) return;
    try {
      const { items } = await criticalApi.criticalLists(this.modality);
      this.findings = items.flatMap(({ findings }) => findings);
    } catch (error) {
      this.error = inWords(error);
    }
  }

  #type(event: InputEvent): void {
    this.typed = (event.target as HTMLInputElement).value;
    this.chosen = '';
  }

  /** Enter takes the first that is shown: three letters and a key are enough, once the list is there. */
  #pickFirst(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (this.findings.length === 0) return;
    this.#choose(matching(this.findings, this.typed)[0]?.code ?? OTHER);
  }

  #choose(code: string): void {
    this.chosen = code;
    const words = this.dialog.querySelector('textarea');
    words?.focus();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(said.get(name) ?? '').trim();
    if (this.chosen === '') {
      this.error = t('critical.choose');
      return;
    }
    const receiver = text('receiver');
    const told = { method: text('method') as Told['method'], receiver, read_back: text('read_back') };
    await this.#raise(text('finding'), receiver === '' ? undefined : told);
  }

  async #raise(finding: string, told: Told | undefined): Promise<void> {
    this.busy = true;
    this.error = '';
    try {
      const order = { study_instance_uid: this.study, code: this.chosen, finding, ...(told ? { told } : {}) };
      const raised = await criticalApi.raiseCritical(order);
      this.dialog.close();
      notify(t(outcome(raised)), raised.state === 'confirmed' ? 'warn' : 'ok');
      this.tell('critical-raised', raised);
    } catch (error) {
      this.error = inWords(error);
    } finally {
      this.busy = false;
    }
  }
}

function outcome({ state: at }: CriticalCase): 'critical.raise.suspected' | 'critical.raise.phone' | 'critical.raise.done' {
  if (at === 'suspected') return 'critical.raise.suspected';
  return at === 'confirmed' ? 'critical.raise.phone' : 'critical.raise.done';
}
