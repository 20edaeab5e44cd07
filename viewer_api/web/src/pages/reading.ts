import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { connection, onChange } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Action, TaskDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { serverNow } from '../lib/server-time.ts';
import { preference } from '../lib/preferences.ts';
import { moment } from '../lib/time.ts';
import type { StatementWords } from '../ecg/ecg-values.ts';
import { act, finish } from '../reading/case-actions.ts';
import { commandOf, type CaseCommand } from '../reading/case-keys.ts';
import type { CaseQueue } from '../reading/case-queue.ts';
import { saveOpenDrafts } from '../reading/draft-keeper.ts';
import { handOver } from '../reading/lease-memory.ts';
import { ReadingCase } from '../reading/reading-case.ts';
import { NextCase } from '../reading/next-case.ts';
import { readingPageStyles } from '../reading/reading-page-styles.ts';
import type { FinishRequest, ReportPanel } from '../reading/report-panel.ts';
import type { SideSplitter } from '../reading/side-splitter.ts';
import type { StudyBar } from '../reading/study-bar.ts';
import { go, links } from '../router.ts';
import { api, beforeLogOut, hasRole } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { forceDark } from '../ui/theme.ts';
import type { StackState } from '../viewer/stack-view.ts';
import '../reading/case-choice.ts';
import '../reading/case-queue.ts';
import '../reading/prior-studies.ts';
import '../reading/report-panel.ts';
import '../reading/side-splitter.ts';
import '../reading/study-bar.ts';
import '../report/paper-dialog.ts';
import '../report/report-view.ts';
import '../ui/connection-banner.ts';
import '../viewer/study-viewer.ts';

const REFRESH_MS = 800;
const WIDE = 1600;
const queueOpen = preference<boolean | null>('reading.queue', null, (value) => value === null || typeof value === 'boolean');
/** CSS pixels; 0 until it was drawn. */
const sideWidth = preference('reading.report-width', 0);

/** Whoever logs out is asked about what could not be sent. */
async function saved(): Promise<boolean> {
  await saveOpenDrafts();
  return true;
}

/** Images and report side by side. Opening a case takes it in hand unless it is only looked at. */
@customElement('reading-page')
export class ReadingPage extends AppElement {
  @property({ type: Number }) taskId = 0;
  @property({ type: Boolean }) lookOnly = false;
  @state() private revision = 0;
  @state() private busy = false;
  @query('report-panel') private panel!: ReportPanel | null;
  @query('case-queue') private queue!: CaseQueue | null;
  @query('study-bar') private bar!: StudyBar | null;
  @query('.images') private images!: HTMLElement | null;

  #case: ReadingCase | null = null;
  readonly #next = new NextCase();
  #opened = false;
  #stop = (): void => undefined;
  readonly #refresh = debounce(() => void this.#case?.refresh(), REFRESH_MS);

  static override styles = [base, controls, surfaces, readingPageStyles];

  constructor() {
    super();
    this.watch(queueOpen);
    this.watch(sideWidth);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    forceDark(true);
    addEventListener('keydown', this.#keydown);
    const stops = [
      onChange(['tasks'], this.#refresh),
      onChange(['tasks'], () => this.#next.queueChanged()),
      connection.subscribe(this.#sendWaiting),
      beforeLogOut(saved),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
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
    this.#opened = false;
  }

  /** A reader looks at the images first; the keys of the viewer are his from the first moment. */
  protected override updated(): void {
    if (this.#opened || this.images === null || pending.value !== null) return;
    this.#opened = true;
    this.images.focus();
  }

  override render(): TemplateResult | typeof nothing {
    const current = this.#case;
    if (current === null) return nothing;
    if (current.error !== null && current.task === null) return this.#gone(current.error);
    return html`
      <connection-banner></connection-banner>
      ${current.task === null ? nothing : this.#bar(current, current.task)}
      <div
        class="columns"
        style=${sideWidth.value === 0 ? '' : `--side: min(${sideWidth.value}px, 60vw)`}
        @report-statement=${(event: CustomEvent<StatementWords>) => this.panel?.addStatement(event.detail)}
      >
        ${this.#queue()}
        ${current.task === null ? html`<div class="waiting">${t('app.loading')}</div>` : this.#workplace(current, current.task)}
      </div>
      <paper-dialog></paper-dialog>
    `;
  }

  #bar(current: ReadingCase, task: TaskDetail): TemplateResult {
    return html`<study-bar
      .task=${task}
      .lease=${current.lease}
      .leaseState=${`${current.lease?.state ?? ''}${current.lease?.lease.expiresAt ?? ''}`}
      @go-back=${() => go(links.worklist)}
      @act=${this.#act}
    ></study-bar>`;
  }

  #workplace(current: ReadingCase, task: TaskDetail): TemplateResult {
    return html`
      <section class="images" tabindex="-1" aria-label=${t('keys.title.images')}>
        ${current.study === null
          ? html`<div class="waiting">${current.error === null ? t('app.loading') : inWords(current.error)}</div>`
          : html`<study-viewer
              @stack-state=${this.#looked}
              @report-words=${this.#words}
              .study=${current.study}
              .help=${false}
              workstation
              ?markable=${current.isHeld}
            ></study-viewer>`}
      </section>
      <side-splitter
        .width=${sideWidth.value}
        @pointerdown=${this.#measure}
        @focusin=${this.#measure}
        @width-change=${(event: CustomEvent<number>) => this.#widen(event.detail)}
      ></side-splitter>
      <div class="side">
        <prior-studies .study=${task.study_instance_uid} .task=${current.isHeld ? task.id : 0}></prior-studies>
        <case-choice .choice=${task.choice ?? null} .refusal=${current.refusal}></case-choice>
        <report-panel
          .case=${current}
          .revision=${this.revision}
          .busy=${this.busy}
          @finish=${this.#finish}
          @act=${this.#act}
          @take=${() => this.#working(() => current.take())}
        ></report-panel>
      </div>
    `;
  }

  #queue(): TemplateResult {
    return html`<case-queue
      .current=${this.taskId}
      ?open=${this.#queueIsOpen}
      @queue-toggle=${() => this.#toggleQueue()}
      @queue-left=${() => this.images?.focus()}
    ></case-queue>`;
  }

  get #queueIsOpen(): boolean {
    return queueOpen.value ?? innerWidth >= WIDE;
  }

  #toggleQueue(): void {
    queueOpen.set(!this.#queueIsOpen);
    this.requestUpdate();
    void this.updateComplete.then(() => (this.#queueIsOpen ? this.queue?.focus() : this.images?.focus()));
  }

  /** Until it was drawn once, the width is what the window gives. */
  #measure(event: Event): void {
    const side = this.renderRoot.querySelector('.side');
    if (side !== null) (event.currentTarget as SideSplitter).width = side.getBoundingClientRect().width;
  }

  #widen(width: number): void {
    sideWidth.set(width);
    this.requestUpdate();
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
    if (event.detail === 'amend') this.panel?.startAmendment();
    else this.#step(event.detail, false);
  }

  /** Who takes a step by its key goes on to the next case. */
  #step(action: Action, next: boolean): void {
    const current = this.#case;
    if (current === null || !current.may(action)) return;
    void this.#working(async () => {
      if (await act(current, action)) await this.#goOn(next);
      else await current.refresh();
    });
  }

  async #goOn(next: boolean): Promise<void> {
    this.#next.left();
    const lease = next ? await api.nextTask() : undefined;
    if (lease?.task.id === this.taskId) {
      // Nothing else is waiting, and this one was put down.
      await api.release(this.taskId, lease.lease_token);
    } else if (lease !== undefined) {
      go(links.read(handOver(lease)));
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

  readonly #looked = (event: CustomEvent<StackState | null>): void => {
    if (this.#case?.isHeld) this.#next.looked(this.taskId, event.detail);
  };

  /** What the viewer has measured, for the report that is being written. */
  readonly #words = (event: CustomEvent<string>): void => {
    if (this.panel?.insert(event.detail) === true) event.preventDefault();
  };

  #leave(): void {
    this.#next.cancel();
    const until = this.#case?.leave() ?? null;
    if (until !== null) notify(t('read.kept', { at: moment(until, serverNow()) }));
    this.#case = null;
  }

  /** The line is back. */
  readonly #sendWaiting = (): void => {
    if (connection.value !== 'lost') void saveOpenDrafts();
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (pending.value !== null) return;
    const command = commandOf(event);
    if (command !== null) {
      event.preventDefault();
      this.#command(command);
    } else if (event.key === 'Escape' && !event.isComposing) this.#escape(event);
  };

  #command(command: CaseCommand): void {
    const commands: Readonly<Record<CaseCommand, () => void>> = {
      finish_next: () => this.panel?.finishMain(true),
      finish: () => this.panel?.finishMain(false),
      next: () => void this.#working(() => this.#goOn(true)),
      return: () => this.#step('return', true),
      ask: () => this.#step('ask', true),
      reject: () => this.#step('reject', true),
      release: () => this.#step('release', true),
      critical: () => this.panel?.askCritical(),
      preview: () => void this.panel?.preview(),
      queue: () => (this.#queueIsOpen && !this.queue?.matches(':focus-within') ? this.queue?.focus() : this.#toggleQueue()),
      report: () => this.panel?.focusReport(),
      images: () => this.images?.focus(),
      help: () => this.bar?.showKeys(),
    };
    commands[command]();
  }

  /** Leaves a field first, then the page. */
  #escape(event: KeyboardEvent): void {
    const target = event.composedPath()[0];
    if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) this.images?.focus();
    else if (!event.defaultPrevented) go(links.worklist);
  }
}
