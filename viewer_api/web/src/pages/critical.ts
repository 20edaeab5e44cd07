import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { CaseAction, CriticalCase, CriticalDetail } from '../api/critical-types.ts';
import { onChange } from '../api/live.ts';
import { takeStep } from '../critical/steps.ts';
import { openCases, refreshCases } from '../critical/watch.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { PagedList } from '../lib/paged.ts';
import { links } from '../router.ts';
import { criticalApi, hasRole } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../critical/case-record.ts';
import '../critical/case-table.ts';
import '../critical/indicators-view.ts';
import '../ui/connection-banner.ts';

const PAGE_SIZE = 50;

type View = 'open' | 'past' | 'indicators';

/** Open critical values by the time that is left, past ones, and the record of each. */
@customElement('critical-page')
export class CriticalPage extends AppElement {
  /** The case that is shown; 0 for the list. */
  @property({ type: Number }) caseId = 0;
  @state() private view: View = 'open';
  @state() private shown: CriticalDetail | null = null;
  @state() private error: unknown = null;
  @state() private busy = false;
  readonly #ended = new PagedList<CriticalCase>(() => this.requestUpdate());
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        max-width: 1160px;
        margin: 0 auto;
        padding: 16px;
      }
      .card > header h2 {
        flex: 1;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
        color: var(--accent-strong);
        font-weight: 600;
      }
      .more {
        display: flex;
        justify-content: center;
        padding: 12px;
      }
      @media (max-width: 720px) {
        .page {
          padding: 8px;
        }
      }
      @media print {
        .screen {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(openCases);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['critical'], () => this.#refresh());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#ended.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('caseId')) return;
    this.shown = null;
    this.error = null;
    this.#refresh();
  }

  override render(): TemplateResult {
    return html`<connection-banner class="screen"></connection-banner>
      <div class="page" @step=${(event: CustomEvent<CaseAction>) => this.#take(event.detail)}>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.caseId === 0 ? this.#lists() : this.#record()}
      </div>`;
  }

  #record(): TemplateResult {
    return html`<a class="screen" href=${links.critical()}>${t('critical.back')}</a>
      ${this.shown === null
        ? html`<p class="empty">${this.error === null ? t('app.loading') : ''}</p>`
        : html`<critical-record .case=${this.shown} .busy=${this.busy}></critical-record>`}`;
  }

  #lists(): TemplateResult {
    return html`<section class="card">
      <header>
        <h2>${t('critical.title')}</h2>
        ${this.#tab('open')} ${this.#tab('past')} ${hasRole('auditor', 'manager', 'admin') ? this.#tab('indicators') : nothing}
      </header>
      ${this.view === 'indicators' ? html`<critical-indicators></critical-indicators>` : this.#cases(this.view === 'past')}
    </section>`;
  }

  #cases(past: boolean): TemplateResult {
    const cases = past ? this.#ended.items : openCases.value;
    return html`${cases.length === 0
      ? html`<p class="empty">${t(past ? 'critical.empty.past' : 'critical.empty')}</p>`
      : html`<critical-table .cases=${cases}></critical-table>`}
    ${past && this.#ended.next !== null
      ? html`<div class="more"><button @click=${() => this.#ended.more()}>${t('critical.more')}</button></div>`
      : nothing}`;
  }

  #tab(view: View): TemplateResult {
    const pick = (): void => {
      this.view = view;
      this.#refresh();
    };
    return html`<button
      class="small quiet"
      data-testid="critical-${view}-tab"
      aria-pressed=${this.view === view}
      @click=${pick}
    >
      ${t(`critical.${view}`)}
    </button>`;
  }

  #refresh(): void {
    if (this.caseId !== 0) void this.#load(this.caseId);
    else if (this.view === 'past') void this.#ended.ask((cursor, signal) => criticalApi.criticalCases({ open: false, cursor, limit: PAGE_SIZE }, signal));
    else refreshCases();
  }

  async #load(id: number): Promise<void> {
    try {
      const found = await criticalApi.criticalCase(id);
      if (id === this.caseId) this.shown = found;
      this.error = null;
    } catch (error) {
      if (id === this.caseId) this.error = error;
    }
  }

  async #take(action: CaseAction): Promise<void> {
    if (this.shown === null || this.busy) return;
    this.busy = true;
    try {
      const changed = await takeStep(this.shown, action);
      if (changed === null) return;
      this.shown = changed;
      notify(t('critical.done'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
      this.#refresh();
    } finally {
      this.busy = false;
      refreshCases();
    }
  }
}
