import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { Cell } from '../store.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';

const paper = new Cell<string | null>(null);

/** Shows a PDF of our server over the page. */
export function showPaper(url: string): void {
  paper.set(url);
}

/** The very PDF that is printed, in the browser's own viewer. */
@customElement('paper-dialog')
export class PaperDialog extends AppElement {
  @query('dialog') private dialog!: HTMLDialogElement;

  static override styles = [
    base,
    controls,
    css`
      dialog {
        width: min(900px, calc(100vw - 32px));
        height: calc(100dvh - 32px);
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 10px;
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      dialog[open] {
        display: flex;
        flex-direction: column;
      }
      dialog::backdrop {
        background: rgb(6 12 18 / 55%);
      }
      header {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 8px 12px;
      }
      h2 {
        flex: 1;
        font-size: 16px;
        font-weight: 600;
      }
      iframe {
        flex: 1;
        width: 100%;
        border: 0;
        background: #fff;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(paper);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    paper.set(null);
  }

  protected override updated(): void {
    if (paper.value !== null && !this.dialog.open) this.dialog.showModal();
    if (paper.value === null && this.dialog.open) this.dialog.close();
  }

  override render(): TemplateResult {
    const url = paper.value;
    return html`<dialog aria-labelledby="title" @close=${() => paper.set(null)} @keydown=${(event: Event) => event.stopPropagation()}>
      ${url === null
        ? nothing
        : html`<header>
              <h2 id="title">${t('preview.title')}</h2>
              <a class="button" href=${url} target="_blank" rel="noopener">${icon('print')}${t('preview.tab')}</a>
              <button class="quiet icon" aria-label=${t('app.close')} data-testid="paper-close" @click=${() => paper.set(null)}>${icon('close')}</button>
            </header>
            <iframe src=${url} title=${t('preview.title')} data-testid="paper"></iframe>`}
    </dialog>`;
  }
}
