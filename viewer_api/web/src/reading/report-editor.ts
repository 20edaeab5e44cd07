import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';

import type { ReportContent } from '../api/types.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { findingsName } from '../report/report-view.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { reportEditorStyles } from './report-editor-styles.ts';
import type { Missing, ReportField } from './validate.ts';

/** The form of a report. Fires `report-change` with what changed, and `report-blur` when a field is left. */
@customElement('report-editor')
export class ReportEditor extends AppElement {
  @property({ attribute: false }) content!: ReportContent;
  @property({ attribute: false }) missing: Missing = {};
  @property() modality = '';
  @state() private criticalAsked = false;

  static override styles = [base, controls, reportEditorStyles];

  /** Whether a critical value was announced, written or not. */
  get asksCritical(): boolean {
    return this.criticalAsked;
  }

  focusFirst(field: ReportField = 'findings'): void {
    this.renderRoot.querySelector<HTMLElement>(`[name=${field}]`)?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('content') && this.content.critical !== '') this.criticalAsked = true;
  }

  override render(): TemplateResult {
    return html`
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
    `;
  }

  #text(field: 'findings' | 'impression', label: MessageKey, hint: MessageKey): TemplateResult {
    return html`<label class="text ${field}">
      <span class="label">${t(label)} ${this.#complaint(field)}</span>
      <textarea
        name=${field}
        data-testid="report-${field}"
        placeholder=${t(hint)}
        aria-invalid=${field in this.missing}
        spellcheck="false"
        .value=${live(this.content[field])}
        @input=${(event: InputEvent) => this.#change({ [field]: (event.target as HTMLTextAreaElement).value })}
        @blur=${() => this.tell('report-blur')}
      ></textarea>
    </label>`;
  }

  #choice(value: boolean, label: MessageKey, testid: string): TemplateResult {
    return html`<label class="choice ${value ? 'yes' : 'no'}">
      <input
        type="radio"
        name="positive"
        data-testid=${testid}
        aria-invalid=${'positive' in this.missing}
        .checked=${live(this.content.positive === value)}
        @change=${() => this.#change({ positive: value })}
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
        @input=${(event: InputEvent) => this.#change({ critical: (event.target as HTMLTextAreaElement).value })}
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
    if (!this.criticalAsked) this.#change({ critical: '' });
    else void this.updateComplete.then(() => this.focusFirst('critical'));
  }

  #change(change: Partial<ReportContent>): void {
    this.tell('report-change', change);
  }
}
