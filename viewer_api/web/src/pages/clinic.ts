import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { onChange, reportReachable } from '../api/live.ts';
import type { Result, Study, StudyState } from '../api/types.ts';
import type { ResendRequest } from '../api/quarantine-types.ts';
import { ResultsBox } from '../clinic/results-box.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { PagedList } from '../lib/paged.ts';
import { lasting } from '../lib/storage.ts';
import { api, currentUser, quarantineApi } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../clinic/clinic-studies.ts';
import '../clinic/resend-requests.ts';
import '../clinic/unread-results.ts';
import '../quality/retake-orders.ts';
import '../ui/connection-banner.ts';

type View = 'all' | 'waiting' | 'finished' | 'attention';

const VIEWS: readonly View[] = ['all', 'attention', 'waiting', 'finished'];
const STATES: Readonly<Record<View, readonly StudyState[]>> = {
  all: [],
  attention: ['retake_wait', 'info_wait'],
  waiting: ['receiving', 'queued', 'assigned', 'reading', 'drafted', 'auditing', 'rework'],
  finished: ['signed', 'delivered'],
};
const PAGE_SIZE = 50;
const TYPING_MS = 300;
const CHANGES_MS = 500;

/** The clinic's page: what is new, what it has to do, and where its studies stand. */
@customElement('clinic-page')
export class ClinicPage extends AppElement {
  @state() private view: View = 'all';
  @state() private busy = false;
  @state() private resends: readonly ResendRequest[] = [];
  #text = '';
  readonly #list = new PagedList<Study>(() => this.#loaded());
  readonly #attention = new PagedList<Study>(() => this.requestUpdate());
  readonly #box = new ResultsBox(api, lasting, currentUser()?.institution ?? '');
  readonly #refresh = debounce(() => this.#refreshAll(), CHANGES_MS, 4 * CHANGES_MS);
  readonly #search = debounce(() => this.#load(), TYPING_MS);
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1160px;
        margin: 0 auto;
        padding: 16px;
      }
      .bar {
        flex-wrap: wrap;
      }
      .bar h2 {
        margin-right: auto;
      }
      .views {
        display: flex;
        gap: 2px;
      }
      input {
        width: 220px;
      }
      .attention {
        border-color: var(--late);
      }
      .attention header {
        background: var(--late-soft);
        color: var(--late);
        border-radius: 8px 8px 0 0;
      }
      .more {
        display: flex;
        justify-content: center;
        padding: 12px;
      }
      .notice {
        margin: 12px;
      }
      @media (max-width: 720px) {
        .page {
          padding: 10px;
        }
        input {
          width: 100%;
        }
        .views {
          width: 100%;
          overflow-x: auto;
        }
        .views button {
          flex: 1;
          padding: 0 8px;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['studies', 'tasks', 'results'], this.#refresh);
    this.#load();
    void this.#attention.ask((cursor, signal) => api.studies({ state: STATES.attention, cursor, limit: PAGE_SIZE }, signal));
    void this.#readResults();
    void this.#readResends();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
    this.#search.cancel();
    this.#list.cancel();
    this.#attention.cancel();
  }

  override render(): TemplateResult {
    return html`
      <connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('clinic.title')}</h1>
        <unread-results
          .results=${this.#box.unread}
          .busy=${this.busy}
          @receive=${(event: CustomEvent<Result>) => this.#receive(event.detail)}
        ></unread-results>
        <retake-orders></retake-orders>
        <resend-requests .requests=${this.resends}></resend-requests>
        ${this.#attention.items.length === 0
          ? nothing
          : html`<section class="card attention">
              <header><h2>${t('clinic.todo')}</h2></header>
              <clinic-studies row-name="clinic-attention-row" .studies=${this.#attention.items}></clinic-studies>
            </section>`}
        <section class="card">
          <header class="bar">
            <h2>${t('clinic.studies')}</h2>
            <div class="views" role="group" aria-label=${t('worklist.filter')}>${VIEWS.map((view) => this.#viewButton(view))}</div>
            <input
              type="search"
              data-testid="clinic-search"
              placeholder=${t('clinic.search')}
              aria-label=${t('clinic.search')}
              @input=${this.#type}
            />
          </header>
          ${this.#studies()}
        </section>
      </div>
    `;
  }

  #viewButton(view: View): TemplateResult {
    const pick = (): void => {
      this.view = view;
      this.#load();
    };
    return html`<button class="small quiet" data-testid="clinic-view-${view}" aria-pressed=${this.view === view} @click=${pick}>
      ${t(`clinic.filter.${view}`)}
    </button>`;
  }

  #studies(): TemplateResult {
    const { items, next, error, pristine, busy } = this.#list;
    if (error !== null && (pristine || !this.#list.unreachable)) {
      return html`<p class="notice danger" role="alert">${inWords(error)}</p>`;
    }
    if (pristine) return html`<p class="empty">${t('app.loading')}</p>`;
    if (items.length === 0) return this.#empty();
    return html`<clinic-studies .studies=${items}></clinic-studies>
      ${next === null
        ? nothing
        : html`<div class="more">
            <button ?disabled=${busy} @click=${() => this.#list.more()}>${t('worklist.more')}</button>
          </div>`}`;
  }

  #empty(): TemplateResult {
    if (this.view !== 'all' || this.#text !== '') return html`<p class="empty">${t('clinic.empty.filtered')}</p>`;
    return html`<div class="empty"><strong>${t('clinic.empty')}</strong>${t('clinic.empty.text')}</div>`;
  }

  #type(event: InputEvent): void {
    this.#text = (event.target as HTMLInputElement).value.trim();
    this.#search();
  }

  #load(): void {
    const query = { state: STATES[this.view], q: this.#text, limit: PAGE_SIZE };
    void this.#list.ask((cursor, signal) => api.studies({ ...query, cursor }, signal));
  }

  #loaded(): void {
    reportReachable(!this.#list.unreachable);
    this.requestUpdate();
  }

  #refreshAll(): void {
    void this.#list.refresh();
    void this.#attention.refresh();
    void this.#readResults();
    void this.#readResends();
  }

  async #readResends(): Promise<void> {
    const { items } = await quarantineApi.resendRequests().catch(() => ({ items: this.resends }));
    this.resends = items;
  }

  async #readResults(): Promise<void> {
    await this.#box.refresh().catch(() => undefined);
    this.requestUpdate();
  }

  async #receive(result: Result): Promise<void> {
    this.busy = true;
    try {
      await this.#box.confirm(result);
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  }
}
