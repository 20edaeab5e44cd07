import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Fault } from '../api/quality-types.ts';
import type { Report, ReportContent, TaskDetail } from '../api/types.ts';
import { draftPdf, reportPdf } from '../api/client.ts';
import type { StatementWords } from '../ecg/ecg-values.ts';
import { withStatement } from '../ecg/statements.ts';
import { inWords } from '../i18n/errors.ts';
import { language, t, type MessageKey } from '../i18n/index.ts';
import { preference } from '../lib/preferences.ts';
import { moment } from '../lib/time.ts';
import { api } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { stateMark, badgeStyles } from '../ui/badges.ts';
import { differenceStyles } from '../report/difference-view.ts';
import { showPaper } from '../report/paper-dialog.ts';
import { reportText } from '../report/report-view.ts';
import { isEmpty } from './draft-keeper.ts';
import { contentOf, type ReadingCase } from './reading-case.ts';
import type { ReportEditor } from './report-editor.ts';
import { reportFooter, type Finish, type ReportSteps } from './report-footer.ts';
import { reportNotes } from './report-notes.ts';
import { reportPanelStyles } from './report-panel-styles.ts';
import { placeOf } from '../quality/report-faults.ts';
import { missingIn, type Missing, type ReportField } from './validate.ts';
import './prior-report.ts';
import '../quality/audit-changes.ts';
import '../quality/grade-bar.ts';
import '../quality/report-faults.ts';
import '../notes/study-conversation.ts';
import './report-editor.ts';
import './task-history.ts';
import type { CheckedText } from '../quality/report-faults.ts';

export interface FinishRequest {
  how: Finish;
  content: ReportContent;
  next: boolean;
}

/** CSS pixels of the words that are written. */
const editorSize = preference('editor.size', 15);
const [SMALLEST, LARGEST] = [12, 24];

/** The report beside the images: written, audited, amended or read. Fires `finish`, `act` and `take`. */
@customElement('report-panel')
export class ReportPanel extends AppElement {
  @property({ attribute: false }) case!: ReadingCase;
  /** Grows with every change inside the case. */
  @property({ type: Number }) revision = 0;
  @property({ type: Boolean }) busy = false;
  @state() private missing: Missing = {};
  @state() private amendment: ReportContent | null = null;
  @state() private picked: Report | null = null;
  @state() private earlier: Report | null = null;
  @state() private faults: CheckedText | null = null;
  @query('report-editor') private editor!: ReportEditor | null;

  static override styles = [base, controls, badgeStyles, differenceStyles, reportPanelStyles];

  constructor() {
    super();
    this.watch(now);
    this.watch(editorSize);
  }

  /** Starts to amend the signed report that is shown. */
  startAmendment(): void {
    const report = this.case.task?.report;
    if (report) this.amendment = contentOf(report);
  }

  /** Puts words where the caret was last; whether there is a report to put them into. */
  insert(words: string): boolean {
    this.editor?.insert(words);
    return this.editor !== null;
  }

  /** What the keyboard asks for: the step that the panel offers as its main one. */
  finishMain(next: boolean): void {
    if (this.amendment !== null) this.#finish('amend', false);
    else if (this.case.draft !== null) this.#finish(this.case.may('sign') ? 'sign' : 'submit', next);
  }

  /** The keyboard goes to the words; where nothing can be written, to the panel. */
  focusReport(): void {
    if (this.editor !== null) this.editor.focusFirst();
    else this.renderRoot.querySelector<HTMLElement>('button, a')?.focus();
  }

  askCritical(): void {
    this.editor?.askCritical();
  }

  /** The paper as it would be printed now; of a signed report, as it is. */
  async preview(): Promise<void> {
    const report = this.picked ?? this.case.task?.report;
    const { draft } = this.case;
    if (draft === null) {
      if (report) showPaper(reportPdf(report.id, report.version));
      return;
    }
    await draft.flush();
    if (draft.state === 'failed') notify(t('preview.offline'), 'warn');
    else if (isEmpty(draft.content)) notify(t('preview.empty'), 'warn');
    else showPaper(draftPdf(this.case.id, language.value));
  }

  /** Puts a statement below the conclusion, in the language of the report, as one step that can be taken back. */
  addStatement({ zh, en }: StatementWords): void {
    const content = this.amendment ?? this.case.draft?.content;
    if (content === undefined || this.editor === null) {
      notify(t('ecg.suggestion.no_report'));
      return;
    }
    const words = (content.structure?.language ?? language.value) === 'zh' ? zh : en;
    this.editor.change({ impression: withStatement(content.impression, words) });
    notify(t('ecg.suggestion.taken', { words }), 'ok');
  }

  override render(): TemplateResult | typeof nothing {
    const task = this.case.task;
    if (task === null) return nothing;
    if (this.amendment !== null) return this.#amending(this.amendment);
    return this.case.draft === null ? this.#reading(task) : this.#writing(task, this.case.draft.content);
  }

  #writing(task: TaskDetail, content: ReportContent): TemplateResult {
    const lost = this.case.lease?.state === 'lost';
    return html`
      <header><h2>${t(this.case.isAudit ? 'report.audit' : 'report.title')}</h2>${this.#saved()}${this.#sizes()}</header>
      ${reportNotes(this.case, task, this.#takeButton('read.lease.reclaim'))}
      <grade-bar .task=${task.id} .modality=${task.modality} .step=${this.case.isAudit ? 'audit' : 'read'}></grade-bar>
      ${this.#form(content, task.modality, (change) => this.case.draft?.edit(change))}
      ${this.#checks(task, content)}
      <study-conversation .uid=${task.study_instance_uid}></study-conversation>
      <footer>${reportFooter(this.case, this.busy || lost, this.#steps)}</footer>
    `;
  }

  #checks(task: TaskDetail, content: ReportContent): TemplateResult {
    return html`<report-faults
        .task=${task.id}
        .content=${content}
        @faults-change=${(event: CustomEvent<CheckedText | null>) => (this.faults = event.detail)}
        @pick-fault=${(event: CustomEvent<Fault>) => this.editor?.select(event.detail.field, ...placeOf(content[event.detail.field], event.detail))}
      ></report-faults>
      ${this.case.isAudit
        ? html`<audit-changes .task=${task.id} .saved=${this.case.draft?.savedAt ?? ''}></audit-changes>`
        : nothing}`;
  }

  #amending(content: ReportContent): TemplateResult {
    return html`
      <header><h2>${t('report.amend')}</h2></header>
      ${this.#form(content, this.case.task?.modality ?? '', (change) => (this.amendment = { ...content, ...change }))}
      <footer>
        <div class="main">
          <button class="primary" data-testid="report-sign" ?disabled=${this.busy} @click=${() => this.#finish('amend', false)}>
            ${t('ask.amend')}
          </button>
        </div>
        <div class="more"><button class="quiet small" @click=${() => (this.amendment = null)}>${t('app.cancel')}</button></div>
      </footer>
    `;
  }

  #form(content: ReportContent, modality: string, change: (change: Partial<ReportContent>) => void): TemplateResult {
    return html`<report-editor
      style="--editor-size:${editorSize.value}px"
      .content=${content}
      .modality=${modality}
      .taskId=${this.case.id}
      .missing=${this.missing}
      .faults=${this.faults}
      @report-change=${(event: CustomEvent<Partial<ReportContent>>) => {
        this.#forgive(event.detail);
        change(event.detail);
      }}
      @report-blur=${() => void this.case.draft?.flush()}
    >
      <prior-report
        slot="before"
        .study=${this.case.task?.study_instance_uid ?? ''}
        .content=${content}
        @prior-insert=${(event: CustomEvent<string>) => this.editor?.insert(event.detail)}
        @prior-start=${(event: CustomEvent<Partial<ReportContent>>) => this.editor?.change(event.detail)}
      ></prior-report>
    </report-editor>`;
  }

  readonly #steps: ReportSteps = {
    finish: (how, next) => this.#finish(how, next),
    act: (action) => this.tell('act', action),
    preview: () => void this.preview(),
  };

  #sizes(): TemplateResult {
    const button = (by: number, label: 'editor.smaller' | 'editor.larger', sign: string): TemplateResult =>
      html`<button
        class="quiet small size"
        aria-label=${t(label)}
        title=${t(label)}
        data-testid=${label.replace('.', '-')}
        @click=${() => editorSize.set(Math.max(SMALLEST, Math.min(LARGEST, editorSize.value + by)))}
      >
        ${sign}
      </button>`;
    return html`<span>${button(-1, 'editor.smaller', 'A−')}${button(1, 'editor.larger', 'A+')}</span>`;
  }

  #saved(): TemplateResult {
    const draft = this.case.draft!;
    const at = moment(draft.savedAt ?? this.case.task?.draft?.saved_at, now.value);
    const words: Readonly<Record<typeof draft.state, string>> = {
      clean: this.case.task?.draft ? t('report.saved', { at }) : t('report.clean'),
      dirty: t('report.unsaved'),
      saving: t('report.saving'),
      saved: t('report.saved', { at }),
      failed: t('report.save_failed'),
    };
    return html`<span class="saved ${draft.state}" role="status" data-testid="saved-indicator" data-state=${draft.state}>
      ${words[draft.state]}
    </span>`;
  }

  #reading(task: TaskDetail): TemplateResult {
    const report = this.picked ?? task.report ?? null;
    return html`
      <header><h2>${t('report.title')}</h2>${stateMark(task.state)}</header>
      <div class="scroll">
        ${this.case.refusal === null
          ? nothing
          : html`<p class="notice warn" role="alert" data-testid="refusal">${icon('warning')}<span>${inWords(this.case.refusal)}</span></p>`}
        ${this.#offer(task)}
        ${report === null
          ? this.#unsigned(task)
          : html`<report-view
              .report=${report}
              .earlier=${this.earlier}
              @show-changes=${(event: CustomEvent<number>) => this.#showChanges(report.id, event.detail)}
              @pick-version=${(event: CustomEvent<number>) => this.#pickVersion(report.id, event.detail)}
            ></report-view>`}
        <study-conversation .uid=${task.study_instance_uid}></study-conversation>
        <task-history .events=${task.events ?? []}></task-history>
      </div>
    `;
  }

  #offer(task: TaskDetail): TemplateResult | typeof nothing {
    if (this.case.may('claim')) return this.#takeButton(task.state === 'drafted' ? 'read.claim.audit' : 'read.claim');
    if (this.case.may('resume')) return this.#takeButton('read.lease.reclaim');
    if (task.state !== 'reading' && task.state !== 'auditing') return nothing;
    const at = moment(task.lease_expires_at, now.value);
    return html`<p class="notice info">
      ${icon('lock')}<span>${t('read.claimed_by', { name: task.reader_name ?? task.reader ?? '', at })}</span>
    </p>`;
  }

  #takeButton(label: MessageKey): TemplateResult {
    return html`<button class="primary" data-testid="claim" ?disabled=${this.busy} @click=${() => this.tell('take')}>
      ${t(label)}
    </button>`;
  }

  #unsigned(task: TaskDetail): TemplateResult {
    const waiting = task.state === 'retake_wait' || task.state === 'info_wait' ? task.state : null;
    const last = task.questions?.at(-1);
    return html`
      ${waiting === null ? nothing : html`<p class="notice info"><span>${t(`read.waiting.${waiting}`)}</span></p>`}
      ${waiting !== null && last ? html`<p class="quote">${last.text}</p>` : nothing}
      ${task.draft ? reportText(task.draft, task.modality) : html`<p class="muted">${t('report.waiting')}</p>`}
    `;
  }

  async #pickVersion(reportId: number, version: number): Promise<void> {
    try {
      this.picked = await api.report(reportId, version);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  async #showChanges(reportId: number, version: number): Promise<void> {
    try {
      this.earlier = await api.report(reportId, version);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  #finish(how: Finish, next: boolean): void {
    const content = this.amendment ?? this.case.draft?.content;
    if (content === undefined || this.busy || (how !== 'amend' && this.case.lease?.state === 'lost')) return;
    this.missing = missingIn(content, this.editor?.asksCritical ?? false);
    const first = Object.keys(this.missing)[0] as ReportField | undefined;
    if (first === undefined) this.tell<FinishRequest>('finish', { how, content, next });
    else this.editor?.focusFirst(first);
  }

  /** A complaint goes away when its field is touched. */
  #forgive(change: Partial<ReportContent>): void {
    const left = Object.entries(this.missing).filter(([field]) => !(field in change));
    this.missing = Object.fromEntries(left) as Missing;
  }
}
