import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import { t, type MessageKey } from '../i18n/index.ts';
import { isTyping } from '../lib/keys.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { ACTIONS, COMMANDS, CROSSHAIR, HANG_ACTIONS, MORE_TOOLS, TOOLS } from './viewer-keys.ts';

const MOVES: readonly (readonly [keys: string, name: MessageKey])[] = [
  ['↑ ↓', 'viewer.keys.scroll'],
  ['Home End', 'viewer.keys.ends'],
  ['PgUp PgDn', 'viewer.keys.series'],
  ['N Shift+N', 'stage.keys.cell'],
  ['Shift 1–9', 'stage.layouts'],
  ['Space', 'viewer.cine'],
  ['1–5', 'viewer.keys.presets'],
];

export interface KeyRow {
  shown: string;
  label: MessageKey;
}

/** A button, and the key `?`, for the list of all keys. */
@customElement('keys-help')
export class KeysHelp extends AppElement {
  /** What the page around the images does with the keyboard. */
  @property({ attribute: false }) page: readonly KeyRow[] = [];
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    controls,
    css`
      button.open {
        border-color: transparent;
        background: transparent;
        color: var(--muted);
      }
      dialog {
        max-height: calc(100dvh - 32px);
        overflow: auto;
        width: min(680px, calc(100vw - 32px));
        padding: 20px 24px;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog::backdrop {
        background: rgb(6 12 18 / 55%);
      }
      header {
        display: flex;
        justify-content: space-between;
        margin-bottom: 12px;
      }
      h2 {
        font-size: 17px;
        font-weight: 600;
      }
      h3 {
        margin: 12px 0 4px;
        color: var(--muted);
        font-size: 13px;
        font-weight: 500;
      }
      dl {
        columns: 2;
        column-gap: 32px;
      }
      div {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        padding: 4px 0;
        break-inside: avoid;
      }
      dd {
        white-space: nowrap;
      }
      @media (max-width: 560px) {
        dl {
          columns: 1;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
  }

  override render(): TemplateResult {
    const tools = [...TOOLS, CROSSHAIR, ...MORE_TOOLS, ...COMMANDS, ...ACTIONS, ...HANG_ACTIONS].map(({ key, label }) => [key, label] as const);
    return html`<button class="open icon" title="${t('viewer.keys')} · ?" aria-label=${t('viewer.keys')} data-testid="keys-help" @click=${this.open}>
        ${icon('keyboard')}
      </button>
      <dialog aria-labelledby="title" @keydown=${(event: Event) => event.stopPropagation()}>
        <header>
          <h2 id="title">${t('viewer.keys')}</h2>
          <button class="quiet icon" aria-label=${t('app.close')} @click=${() => this.dialog.close()}>${icon('close')}</button>
        </header>
        ${this.page.length === 0
          ? nothing
          : html`<h3>${t('keys.title.case')}</h3>
              ${this.#rows(this.page.map(({ shown, label }) => [shown, label] as const))}
              <h3>${t('keys.title.images')}</h3>`}
        ${this.#rows([...MOVES, ...tools])}
      </dialog>`;
  }

  #rows(rows: readonly (readonly [keys: string, name: MessageKey])[]): TemplateResult {
    return html`<dl>
      ${rows.map(
        ([keys, name]) =>
          html`<div>
            <dt>${t(name)}</dt>
            <dd>${keys.split(/[ +]/).map((key) => html`<kbd>${key}</kbd> `)}</dd>
          </div>`,
      )}
    </dl>`;
  }

  open(): void {
    if (!this.dialog.open) this.dialog.showModal();
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.key === '?' && !isTyping(event)) this.open();
  };
}
