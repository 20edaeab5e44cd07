import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { onChange } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Action } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { serverNow } from '../lib/server-time.ts';
import { moment } from '../lib/time.ts';
import type { StatementWords } from '../ecg/ecg-values.ts';
import { act, finish } from '../reading/case-actions.ts';
import { rememberLease } from '../reading/lease-memory.ts';
import { ReadingCase } from '../reading/reading-case.ts';
import type { FinishRequest, ReportPanel } from '../reading/report-panel.ts';
import { go, links } from '../router.ts';
import { api, hasRole } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { forceDark } from '../ui/theme.ts';
import { Ahead } from '../viewer/ahead.ts';
import type { StackState } from '../viewer/stack-view.ts';
import { warmUp } from '../viewer/stack.ts';
import '../reading/case-choice.ts';
import '../reading/prior-studies.ts';
import '../reading/report-panel.ts';
import '../reading/study-bar.ts';
import '../report/report-view.ts';
import '../viewer/study-viewer.ts';

const REFRESH_MS = 800;

/** Images and report side by side. Opening a case takes it in hand unless it is only looked at. */
@customElement('reading-page')
export class ReadingPage extends AppElement {
  @property({ type: Number }) taskId = 0;
  @property({ type: Boolean }) lookOnly = false;
  @state() private revision = 0;
  @state() private busy = false;
  @query('report-panel') private panel!: ReportPanel | null;

  #case: ReadingCase | null = null;
  #ahead: Ahead | null = null;
  #stop = (): void => undefined;
  readonly #refresh = debounce(() => void this.#case?.refresh(), REFRESH_MS);

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(360px, 27vw, 520px);
        flex: 1;
        min-height: 0;
      }
      study-viewer,
      report-panel,
      .side {
        min-height: 0;
      }
      .side {
        display: flex;
        flex-direction: column;
      }
      report-panel {
        flex: 1;
      }
      .waiting {
        display: grid;
        place-items: center;
        background: #000;
        color: #8a97a3;
      }
      @media (max-width: 900px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: 60vh auto;
          overflow: auto;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    forceDark(true);
    warmUp();
    addEventListener('keydown', this.#keydown);
    this.#stop = onChange(['tasks'], this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    forceDark(false);
    removeEventListener('keydown', this.#keydown);
    this.#stop();
    this.#refresh.cancel();
    this.#leave();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('taskId') && !changed.has('lookOnly')) return;
    this.#leave();
    this.#case = new ReadingCase(this.taskId, () => (this.revision += 1));
    void this.#case.open(!this.lookOnly && hasRole('radiologist', 'auditor'));
  }

  override render(): TemplateResult | typeof nothing {
    const current = this.#case;
    if (current === null) return nothing;
    if (current.error !== null && current.task === null) return this.#gone(current.error);
    if (current.task === null) return html`<div class="columns"><div class="waiting">${t('app.loading')}</div></div>`;
    return html`
      <study-bar
        .task=${current.task}
        .lease=${current.lease}
        .leaseState=${`${current.lease?.state ?? ''}${current.lease?.lease.expiresAt ?? ''}`}
        @go-back=${() => go(links.worklist)}
        @act=${this.#act}
      ></study-bar>
      <div class="columns" @report-statement=${(event: CustomEvent<StatementWords>) => this.panel?.addStatement(event.detail)}>
        ${current.study === null
          ? html`<div class="waiting">${current.error === null ? t('app.loading') : inWords(current.error)}</div>`
          : html`<study-viewer @stack-state=${this.#looked} @report-words=${this.#words} .study=${current.study} ?markable=${current.isHeld}></study-viewer>`}
        <div class="side">
          <prior-studies .study=${current.task.study_instance_uid} .task=${current.isHeld ? current.task.id : 0}></prior-studies>
          <case-choice .choice=${current.task.choice ?? null} .refusal=${current.refusal}></case-choice>
          <report-panel
            .case=${current}
            .revision=${this.revision}
            .busy=${this.busy}
            @finish=${this.#finish}
            @act=${this.#act}
            @take=${() => this.#working(() => current.take())}
          ></report-panel>
        </div>
      </div>
    `;
  }

  #gone(error: unknown): TemplateResult {
    const missing = error instanceof ApiError && error.status === 404;
    return html`<div class="empty">
      <strong>${missing ? t('read.gone') : inWords(error)}</strong>
      <p style="margin-top:16px"><a href=${links.worklist}>${t('read.back')}</a></p>
    </div>`;
  }

  #finish(event: CustomEvent<FinishRequest>): void {
    const current = this.#case;
    const { next } = event.detail;
    if (current === null) return;
    void this.#working(async () => {
      if (await finish(current, event.detail)) await this.#goOn(next);
    });
  }

  #act(event: CustomEvent<Action>): void {
    const current = this.#case;
    if (current === null) return;
    if (event.detail === 'amend') {
      this.panel?.startAmendment();
      return;
    }
    void this.#working(async () => {
      const left = await act(current, event.detail);
      if (left) go(links.worklist);
      else await current.refresh();
    });
  }

  async #goOn(next: boolean): Promise<void> {
    const lease = next ? await api.nextTask() : undefined;
    if (lease !== undefined) {
      go(links.read(rememberLease(lease)));
      return;
    }
    if (next) notify(t('worklist.next.none'));
    go(links.worklist);
  }

  /** One thing at a time; what goes wrong is said in words, and a lost lease is shown. */
  async #working(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'stale_lease') this.#case?.lease?.lose();
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  }

  /** The open series is there: what comes next may come now. */
  readonly #looked = (event: CustomEvent<StackState | null>): void => {
    const [current, shown] = [this.#case, event.detail];
    if (this.#ahead !== null || current === null || !current.isHeld || shown === null) return;
    if (shown.count === 0 || !shown.rendered || shown.cached < shown.count) return;
    const ahead = new Ahead();
    this.#ahead = ahead;
    const open = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
    void api.fetchPlan(this.taskId).then((plan) => ahead.run(plan, (url) => open.includes(url)), () => undefined);
  };

  /** What the viewer has measured, for the report that is being written. */
  readonly #words = (event: CustomEvent<string>): void => {
    if (this.panel?.insert(event.detail) === true) event.preventDefault();
  };

  #leave(): void {
    this.#ahead?.cancel();
    this.#ahead = null;
    const until = this.#case?.leave() ?? null;
    if (until !== null) notify(t('read.kept', { at: moment(until, serverNow()) }));
    this.#case = null;
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (pending.value !== null) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.panel?.finishMain();
    }
    if (event.key === 'Escape') this.#escape(event);
  };

  /** Leaves a field first, then the page. */
  #escape(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) target.blur();
    else if (!event.defaultPrevented) go(links.worklist);
  }
}
