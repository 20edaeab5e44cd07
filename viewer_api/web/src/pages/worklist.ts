import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { connection, onChange } from '../api/live.ts';
import type { Task } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { isPlain, isTyping } from '../lib/keys.ts';
import { PagedList } from '../lib/paged.ts';
import { lasting } from '../lib/storage.ts';
import { handOver } from '../reading/lease-memory.ts';
import { getReadyToRead } from '../reading/readiness.ts';
import { go, links } from '../router.ts';
import { api, currentUser, hasRole } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { isFiltered, NO_FILTER, parseFilter, toQuery, type WorklistFilter } from '../worklist/filter.ts';
import { keepView, lastView } from '../worklist/last-view.ts';
import '../reading/unsent-drafts.ts';
import '../ui/connection-banner.ts';
import '../worklist/task-table.ts';
import '../worklist/worklist-filters.ts';

const PAGE_SIZE = 50;
const CHANGES_MS = 400;

@customElement('worklist-page')
export class WorklistPage extends AppElement {
  @state() private filter: WorklistFilter = parseFilter(lasting.get(this.#key));
  @state() private taking = false;
  readonly #list = new PagedList<Task>(() => this.#loaded());
  readonly #clinics = new Map<string, string>();
  readonly #refresh = debounce(() => void this.#list.refresh(), CHANGES_MS, 4 * CHANGES_MS);
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 16px;
        padding: 12px 16px;
      }
      worklist-filters {
        flex: 1;
      }
      .next {
        min-height: 42px;
        padding: 0 18px;
        font-size: 15px;
      }
      .list {
        flex: 1;
        min-height: 0;
        margin: 0 16px;
        overflow: auto;
        border-radius: 8px 8px 0 0;
        border-bottom: 0;
      }
      footer {
        display: flex;
        align-items: center;
        justify-content: space-between;
        height: 36px;
        padding: 0 28px;
        color: var(--muted);
        font-size: 13px;
      }
      footer .live {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .live::before {
        content: '';
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--soon);
      }
      .live.live-live::before {
        background: var(--ok);
      }
      .live.live-lost::before {
        background: var(--danger);
      }
      .more {
        display: flex;
        justify-content: center;
        padding: 12px;
      }
      .notice {
        margin: 16px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(connection);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['tasks', 'studies'], this.#refresh);
    addEventListener('keydown', this.#keydown);
    this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    this.#stop();
    this.#refresh.cancel();
    this.#list.cancel();
  }

  override render(): TemplateResult {
    return html`
      <connection-banner></connection-banner>
      <unsent-drafts></unsent-drafts>
      <h1 class="sr-only">${t('worklist.title')}</h1>
      <div class="bar">
        <worklist-filters
          .filter=${this.filter}
          .clinics=${this.#clinics}
          @filter-change=${(event: CustomEvent<WorklistFilter>) => this.#apply(event.detail)}
        ></worklist-filters>
        ${this.#reads ? this.#nextButton() : nothing}
      </div>
      <div class="list card" data-testid="worklist" aria-busy=${this.#list.busy}>${this.#body()}</div>
      <footer>
        <span class="num" role="status">${this.#count()}</span>
        <span class="live live-${connection.value}">${t(connectionName())}</span>
      </footer>
    `;
  }

  get #reads(): boolean {
    return hasRole('radiologist', 'auditor');
  }

  get #key(): string {
    return `countyread.worklist.${currentUser()?.username ?? ''}`;
  }

  #nextButton(): TemplateResult {
    return html`<button
      class="primary next"
      data-testid="next-case"
      title=${t('worklist.next.hint')}
      ?disabled=${this.taking}
      @click=${this.#next}
    >
      ${icon('bolt')}${t('worklist.next')}<kbd>N</kbd>
    </button>`;
  }

  #body(): TemplateResult {
    const { items, next, error, pristine, busy } = this.#list;
    if (error !== null && !this.#list.unreachable) return html`<p class="notice danger" role="alert">${inWords(error)}</p>`;
    const old = pristine && error !== null ? lastView(currentUser()?.username ?? '', 'worklist') : null;
    if (old !== null) return html`<p class="notice warn" role="status" data-testid="old-list">${t('queue.old')}</p>${this.#table(old)}`;
    if (pristine) return html`<div class="empty">${error === null ? t('app.loading') : inWords(error)}</div>`;
    if (items.length === 0) return this.#empty();
    return html`${this.#table(items)}
      ${next === null
        ? nothing
        : html`<div class="more">
            <button ?disabled=${busy} @click=${() => this.#list.more()}>${t('worklist.more')}</button>
          </div>`}`;
  }

  #table(items: readonly Task[]): TemplateResult {
    return html`<task-table
      .tasks=${items}
      .takes=${this.#reads}
      @open-task=${(event: CustomEvent<Task>) => go(links.read(event.detail.id))}
      @look-at-task=${(event: CustomEvent<Task>) => go(links.read(event.detail.id, true))}
    ></task-table>`;
  }

  #empty(): TemplateResult {
    return html`<div class="empty">
      <strong>${t('worklist.empty')}</strong>
      <p>${t('worklist.empty.text')}</p>
      ${isFiltered(this.filter)
        ? html`<p style="margin-top:16px"><button @click=${() => this.#apply(NO_FILTER)}>${t('worklist.empty.reset')}</button></p>`
        : nothing}
    </div>`;
  }

  #count(): string {
    if (this.#list.pristine) return '';
    return t(this.#list.next === null ? 'worklist.count' : 'worklist.count.more', { n: this.#list.items.length });
  }

  #apply(filter: WorklistFilter): void {
    this.filter = filter;
    lasting.set(this.#key, JSON.stringify(filter));
    this.#load();
  }

  #load(): void {
    const query = toQuery(this.filter);
    void this.#list.ask((cursor, signal) => api.tasks({ ...query, cursor, limit: PAGE_SIZE }, signal));
  }

  #loaded(): void {
    if (this.#list.error === null) keepView(currentUser()?.username ?? '', 'worklist', this.#list.items.slice(0, PAGE_SIZE));
    for (const task of this.#list.items) {
      this.#clinics.set(task.institution, localName(task.institution_name, task.institution_name_en));
    }
    this.requestUpdate();
    if (this.#reads && !this.#list.pristine) getReadyToRead();
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event) || pending.value !== null) return;
    if (event.key.toLowerCase() === 'n' && this.#reads) void this.#next();
  };

  async #next(): Promise<void> {
    if (this.taking) return;
    this.taking = true;
    try {
      const lease = await api.nextTask();
      if (lease === undefined) notify(t('worklist.next.none'));
      else go(links.read(handOver(lease)));
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.taking = false;
    }
  }
}

function connectionName(): 'worklist.live' | 'worklist.polling' | 'worklist.offline' {
  if (connection.value === 'lost') return 'worklist.offline';
  return connection.value === 'live' ? 'worklist.live' : 'worklist.polling';
}
