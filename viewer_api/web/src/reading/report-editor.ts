import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';

import type { FittingTemplate } from '../api/templates-types.ts';
import type { ReportContent } from '../api/types.ts';
import { language, t, type MessageKey } from '../i18n/index.ts';
import type { CheckedText } from '../quality/report-faults.ts';
import { findingsName } from '../report/report-view.ts';
import type { FieldChange } from '../templates/structured-form.ts';
import { sameStructure, StructuredReport } from '../templates/structured-report.ts';
import type { Decision, TemplateBar } from '../templates/template-bar.ts';
import { Undo } from '../templates/undo.ts';
import { writingAids, type WritingAids } from '../templates/writing-aids.ts';
import { confirmed, pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { reportEditorStyles } from './report-editor-styles.ts';
import type { ReportText } from './report-text.ts';
import { marksIn } from './text-marks.ts';
import type { Missing, ReportField } from './validate.ts';
import '../templates/template-bar.ts';
import './report-text.ts';

interface Typing {
  value: string;
  mark: string;
}

/**
 * The form of a report: its template, its words, its result. Fires `report-change` with what changed, and `report-blur`
 * when a field is left. F2 takes the normal report, F4 chooses a template, Ctrl+Z takes words and fields back together.
 */
@customElement('report-editor')
export class ReportEditor extends AppElement {
  @property({ attribute: false }) content!: ReportContent;
  @property({ attribute: false }) missing: Missing = {};
  /** What the writing rules found last. */
  @property({ attribute: false }) faults: CheckedText | null = null;
  @property() modality = '';
  @property({ type: Number }) taskId = 0;
  @state() private criticalAsked = false;
  @state() private aids: WritingAids | null = null;
  @state() private report: StructuredReport | null = null;
  @query('template-bar') private bar!: TemplateBar;
  #undo = new Undo<ReportContent>();
  #loading: Promise<void> = Promise.resolve();
  #field: 'findings' | 'impression' = 'findings';

  static override styles = [base, controls, reportEditorStyles];

  /** Whether a critical value was announced, written or not. */
  get asksCritical(): boolean {
    return this.criticalAsked;
  }

  focusFirst(field: ReportField = 'findings'): void {
    this.renderRoot.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  }

  /** Announces a critical value: one step, then its words. */
  askCritical(): void {
    this.criticalAsked = true;
    void this.updateComplete.then(() => this.focusFirst('critical'));
  }

  /** Puts words where the caret was last. */
  insert(words: string): void {
    this.renderRoot.querySelector<ReportText>(`report-text[name=${this.#field}]`)?.insert(words);
  }

  /** Changes several parts at once, as one step that can be taken back. */
  change(change: Partial<ReportContent>): void {
    this.#change(change, '');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
    addEventListener('into-report', this.#intoReport);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    removeEventListener('into-report', this.#intoReport);
  }

  /** Words that another part of the page, such as a strip of an ECG, has for the report. */
  readonly #intoReport = (event: Event): void => {
    if (!(event instanceof CustomEvent) || typeof event.detail !== 'string') return;
    event.preventDefault();
    this.insert(event.detail);
  };

  /** Marks a piece of a field. */
  select(field: 'findings' | 'impression', start: number, end: number): void {
    this.renderRoot.querySelector<ReportText>(`report-text[name=${field}]`)?.select(start, end);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('taskId')) this.#loading = this.#load(this.taskId);
    if (changed.has('content') && this.content.critical !== '') this.criticalAsked = true;
    if (!sameStructure(this.content.structure, this.report?.structure ?? null)) {
      this.report = StructuredReport.of(this.content.structure, this.aids?.templates ?? []);
    }
  }

  override render(): TemplateResult {
    return html`
      <slot name="before"></slot>
      <template-bar
        .templates=${this.aids?.templates ?? []}
        .report=${this.report}
        .findings=${this.content.findings}
        .impression=${this.content.impression}
        @normal=${() => void this.#normal()}
        @pick=${(event: CustomEvent<FittingTemplate>) => void this.#take(event.detail)}
        @detach=${() => this.#change({ structure: null }, '')}
        @field-change=${(event: CustomEvent<FieldChange>) => this.#set(event.detail)}
        @decide=${(event: CustomEvent<Decision>) => this.#decide(event.detail)}
      ></template-bar>
      ${this.#text('findings', findingsName(this.modality), 'report.findings.hint')}
      ${this.#text('impression', 'report.impression', 'report.impression.hint')}
      <div class="result" role="radiogroup" aria-label=${t('report.positive')}>
        <span class="label">${t('report.positive')}</span>
        ${this.#choice(false, 'report.positive.no', 'report-positive-no')}
        ${this.#choice(true, 'report.positive.yes', 'report-positive-yes')}
        ${this.#complaint('positive')}
      </div>
      <div class="critical ${this.criticalAsked ? 'on' : ''}">
        <label class="check">
          <input
            type="checkbox"
            data-testid="report-critical-toggle"
            .checked=${live(this.criticalAsked)}
            @change=${this.#toggleCritical}
          />
          <span>${t('report.critical.toggle')}</span>
        </label>
        ${this.criticalAsked ? this.#critical() : nothing}
      </div>
      <slot name="after"></slot>
    `;
  }

  #text(field: 'findings' | 'impression', label: MessageKey, hint: MessageKey): TemplateResult {
    return html`<div class="text ${field}">
      <span class="label">${t(label)} ${this.#complaint(field)}</span>
      <report-text
        name=${field}
        .section=${field}
        .label=${t(label)}
        .hint=${t(hint)}
        .value=${this.content[field]}
        .language=${this.content.structure?.language ?? language.value}
        .phrases=${this.aids?.phrases ?? []}
        .invalid=${field in this.missing}
        .marks=${marksIn(this.faults, field, this.content[field])}
        @focusin=${() => (this.#field = field)}
        @text-change=${({ detail }: CustomEvent<Typing>) => this.#change({ [field]: detail.value }, detail.mark)}
        @text-blur=${() => this.tell('report-blur')}
      ></report-text>
    </div>`;
  }

  #choice(value: boolean, label: MessageKey, testid: string): TemplateResult {
    return html`<label class="choice ${value ? 'yes' : 'no'}">
      <input
        type="radio"
        name="positive"
        data-testid=${testid}
        aria-invalid=${'positive' in this.missing}
        .checked=${live(this.content.positive === value)}
        @change=${() => this.#change({ positive: value }, '')}
      />
      <span>${t(label)}</span>
    </label>`;
  }

  #critical(): TemplateResult {
    return html`<textarea
        name="critical"
        data-testid="report-critical"
        rows="2"
        aria-label=${t('report.critical')}
        placeholder=${t('report.critical.hint')}
        aria-invalid=${'critical' in this.missing}
        .value=${live(this.content.critical)}
        @input=${(event: InputEvent) => this.#change({ critical: (event.target as HTMLTextAreaElement).value }, 'critical')}
        @blur=${() => this.tell('report-blur')}
      ></textarea>
      ${this.#complaint('critical')}
      <small>${t('report.critical.note')}</small>`;
  }

  #complaint(field: ReportField): TemplateResult | typeof nothing {
    const key = this.missing[field];
    return key === undefined ? nothing : html`<span class="field-error" role="alert">${t(key)}</span>`;
  }

  #toggleCritical(event: Event): void {
    this.criticalAsked = (event.target as HTMLInputElement).checked;
    if (!this.criticalAsked) this.#change({ critical: '' }, '');
    else this.askCritical();
  }

  async #load(task: number): Promise<void> {
    this.#undo = new Undo();
    this.report = null;
    if (task === 0) return;
    const aids = await writingAids(task);
    if (task === this.taskId) this.aids = aids;
    await this.updateComplete;
  }

  /** The template that is chosen or proposed, as if nothing were abnormal. */
  async #normal(): Promise<void> {
    await this.#loading;
    const template = this.report?.template ?? this.bar.suggested;
    if (template !== null) await this.#take(template);
  }

  async #take(template: FittingTemplate): Promise<void> {
    const isFresh = this.content.findings.trim() === '' && this.content.impression.trim() === '';
    const question = { title: t('tpl.replace'), text: t('tpl.replace.text'), ok: t('tpl.replace.ok') };
    if (!isFresh && !(await confirmed(question))) return;
    this.#change(new StructuredReport(template, language.value).whole(), '');
    this.focusFirst('findings');
  }

  #set({ field, value }: FieldChange): void {
    if (this.report === null) return;
    this.#change(this.report.set(field, value, this.content), `field ${field}`);
  }

  #decide({ asked, replace }: Decision): void {
    if (this.report === null) return;
    const change = this.report.decide(asked, replace, this.content);
    if (replace) this.#change(change, '');
    this.requestUpdate();
    this.bar.requestUpdate();
  }

  #change(change: Partial<ReportContent>, mark: string): void {
    this.#undo.note(this.content, mark, performance.now());
    this.#tellChange(change);
  }

  #tellChange(change: Partial<ReportContent>): void {
    this.tell('report-change', change);
    this.bar?.requestUpdate();
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (pending.value !== null || event.isComposing) return;
    if (event.key === 'F2') void this.#normal();
    else if (event.key === 'F4' && !event.altKey) void this.#loading.then(() => this.bar.openPicker());
    else if (!this.#undoKey(event)) return;
    event.preventDefault();
  };

  /** The browser's own undo knows nothing of words that a field has changed. */
  #undoKey(event: KeyboardEvent): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !event.composedPath().includes(this)) return false;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return false;
    const isForth = key === 'y' || event.shiftKey;
    const found = isForth ? this.#undo.forth(this.content) : this.#undo.back(this.content);
    if (found !== null) this.#tellChange(found);
    return true;
  }
}
