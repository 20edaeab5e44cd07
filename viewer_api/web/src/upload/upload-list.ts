import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import type { Item, ItemState } from './queue.ts';
import { size, reason } from './words.ts';

const SHOWN = 200;
const FIRST: Readonly<Record<ItemState, number>> = { failed: 0, sending: 1, waiting: 2, done: 3, cancelled: 4 };

/** The files of the upload: what needs a person first, then what is on its way. */
@customElement('upload-list')
export class UploadList extends AppElement {
  @property({ attribute: false }) items: readonly Item[] = [];
  @property({ type: Boolean }) paused = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 2fr) 90px minmax(0, 2fr) 84px;
        align-items: center;
        gap: 12px;
        min-height: 40px;
        padding: 4px 16px;
        border-bottom: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 0;
      }
      .size {
        color: var(--muted);
        text-align: right;
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
      .failed {
        color: var(--danger);
      }
      .done {
        color: var(--ok);
      }
      .partly {
        color: var(--late);
      }
      .more {
        padding: 10px 16px;
        color: var(--muted);
      }
      .act {
        text-align: right;
      }
      @media (max-width: 720px) {
        li {
          grid-template-columns: minmax(0, 1fr) 84px;
        }
        .size {
          display: none;
        }
        .what {
          grid-column: 1;
        }
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.items.length === 0) return nothing;
    const sorted = [...this.items].sort((a, b) => FIRST[a.state] - FIRST[b.state] || a.id - b.id);
    const more = sorted.length - SHOWN;
    return html`<section class="card">
      <header><h2>${t('upload.files')}</h2></header>
      <ul>
        ${repeat(
          sorted.slice(0, SHOWN),
          ({ id }) => id,
          (item) => this.#row(item),
        )}
      </ul>
      ${more > 0 ? html`<p class="more">${t('upload.more_files', { count: more })}</p>` : nothing}
    </section>`;
  }

  #row(item: Item): TemplateResult {
    return html`<li data-testid="upload-row" data-state=${item.state}>
      <span class="truncate" title=${item.name}>${item.name}</span>
      <span class="size num">${size(item.size)}</span>
      <span class="what">${this.#what(item)}</span>
      <span class="act">${this.#action(item)}</span>
    </li>`;
  }

  #what(item: Item): TemplateResult | string {
    switch (item.state) {
      case 'sending':
        return item.sent >= item.size
          ? t('upload.checking')
          : html`<progress max=${item.size} value=${item.sent} aria-label=${item.name}></progress>`;
      case 'failed':
        return html`<span class="failed">${inWords(item.error)}</span>`;
      case 'done':
        return this.#result(item);
      default:
        return t(item.state === 'cancelled' ? 'upload.cancelled' : 'upload.waiting');
    }
  }

  #result({ result }: Item): TemplateResult | string {
    if (result === null) return '';
    const { taken, refused, entries } = result;
    const single = entries.length === 1 ? entries[0] : undefined;
    if (single !== undefined && single.fate === 'refused') return html`<span class="failed">${reason(single)}</span>`;
    if (refused > 0) return html`<span class="partly">${t('upload.partly', { taken, refused })}</span>`;
    if (single?.fate === 'already_there') return html`<span class="done">${t('upload.fate.already_there')}</span>`;
    return html`<span class="done">${icon('check', 15)} ${t('upload.received', { count: taken })}</span>`;
  }

  #action(item: Item): TemplateResult | typeof nothing {
    if (item.state === 'failed' || item.state === 'cancelled') {
      return html`<button class="small" @click=${() => this.tell('retry-item', item)}>${t('upload.retry')}</button>`;
    }
    if (item.state === 'done') return nothing;
    return html`<button class="small" @click=${() => this.tell('cancel-item', item)}>${t('app.cancel')}</button>`;
  }
}
