import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t, word } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { MODALITIES, VIEWS, viewName, type WorklistFilter } from './filter.ts';

const TYPING_MS = 300;

/** Fires `filter-change` with the whole filter. */
@customElement('worklist-filters')
export class WorklistFilters extends AppElement {
  @property({ attribute: false }) filter!: WorklistFilter;
  /** Code and name of the clinics that have been seen in the list. */
  @property({ attribute: false }) clinics: ReadonlyMap<string, string> = new Map();

  #typed = '';
  readonly #search = debounce(() => this.#change({ q: this.#typed }), TYPING_MS);

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px;
      }
      .views {
        display: flex;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        overflow: hidden;
      }
      .views button {
        min-height: 32px;
        border: 0;
        border-radius: 0;
        border-right: 1px solid var(--line-strong);
      }
      .views button:last-child {
        border-right: 0;
      }
      .views button[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-weight: 600;
      }
      .views button:focus-visible {
        outline-offset: -2px;
      }
      select {
        max-width: 190px;
      }
      .search {
        position: relative;
        flex: 1;
        min-width: 190px;
        max-width: 320px;
      }
      .search > svg {
        position: absolute;
        left: 10px;
        top: 9px;
        color: var(--faint);
        pointer-events: none;
      }
      .search input {
        width: 100%;
        padding: 0 34px;
      }
      .search input::-webkit-search-cancel-button {
        display: none;
      }
      .search button {
        position: absolute;
        right: 3px;
        top: 3px;
        width: 28px;
        min-height: 28px;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`
      <div class="views" role="group" aria-label=${t('worklist.filter')}>
        ${VIEWS.map(
          (view) =>
            html`<button
              data-testid="view-${view}"
              aria-pressed=${this.filter.view === view}
              @click=${() => this.#change({ view })}
            >
              ${t(viewName(view))}
            </button>`,
        )}
      </div>
      <select
        aria-label=${t('worklist.modality')}
        data-testid="filter-modality"
        .value=${this.filter.modality}
        @change=${(event: Event) => this.#change({ modality: valueOf(event) })}
      >
        <option value="">${t('worklist.modality.all')}</option>
        ${MODALITIES.map(
          (code) => html`<option value=${code} ?selected=${code === this.filter.modality}>${word('modality', code)}</option>`,
        )}
      </select>
      <select
        aria-label=${t('worklist.clinic')}
        data-testid="filter-clinic"
        @change=${(event: Event) => this.#change({ institution: valueOf(event) })}
      >
        <option value="">${t('worklist.clinic.all')}</option>
        ${[...this.clinics].map(
          ([code, name]) => html`<option value=${code} ?selected=${code === this.filter.institution}>${name}</option>`,
        )}
      </select>
      <div class="search">
        ${icon('search', 16)}
        <input
          type="search"
          data-testid="worklist-search"
          aria-label=${t('worklist.search')}
          placeholder=${t('worklist.search')}
          .value=${this.filter.q}
          @input=${this.#type}
        />
        ${this.filter.q === ''
          ? nothing
          : html`<button class="quiet" aria-label=${t('worklist.search.clear')} @click=${() => this.#change({ q: '' })}>
              ${icon('close', 14)}
            </button>`}
      </div>
    `;
  }

  #type(event: InputEvent): void {
    this.#typed = valueOf(event);
    this.#search();
  }

  #change(change: Partial<WorklistFilter>): void {
    this.#search.cancel();
    this.tell('filter-change', { ...this.filter, ...change });
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
