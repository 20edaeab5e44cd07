import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Report } from '../../api/types.ts';
import { inWords } from '../../i18n/errors.ts';
import { t } from '../../i18n/index.ts';
import { api } from '../../session.ts';
import { AppElement } from '../../ui/element.ts';
import { base, controls } from '../../ui/styles.ts';

/** The report of an earlier study over its images, when it is asked for. */
@customElement('prior-words')
export class PriorWords extends AppElement {
  /** `null` for a study without one. */
  @property({ attribute: false }) report: number | null = null;
  @state() private isOpen = false;
  @state() private read: Report | null = null;
  @state() private problem = '';

  static override styles = [
    base,
    controls,
    css`
      button {
        min-height: 20px;
        padding: 0 7px;
        border-color: #8a6a1e;
        background: transparent;
        color: #ffc94d;
        font-size: 12px;
      }
      section {
        position: absolute;
        inset: 24px 0 auto 0;
        z-index: 5;
        max-height: 60%;
        overflow: auto;
        padding: 10px 14px;
        background: rgb(36 27 6 / 94%);
        color: #f6ead0;
        font-size: 14px;
        line-height: 1.6;
        white-space: pre-wrap;
      }
      h3 {
        margin-top: 6px;
        color: #ffc94d;
        font-size: 13px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('report')) return;
    this.isOpen = false;
    this.read = null;
    this.problem = '';
  }

  override render(): TemplateResult {
    if (this.report === null) return html`<span>${t('stage.prior.no_report')}</span>`;
    return html`<button data-testid="prior-report-open" aria-expanded=${this.isOpen} @click=${this.#toggle}>${t('stage.prior.report')}</button>
      ${this.isOpen ? html`<section data-testid="prior-report-words">${this.#words()}</section>` : nothing}`;
  }

  #words(): TemplateResult {
    if (this.read === null) return html`${this.problem || t('app.loading')}`;
    const { findings, impression } = this.read;
    return html`<h3>${t('report.findings')}</h3>
      <p>${findings}</p>
      <h3>${t('report.impression')}</h3>
      <p>${impression}</p>`;
  }

  readonly #toggle = async (): Promise<void> => {
    this.isOpen = !this.isOpen;
    const { report } = this;
    if (!this.isOpen || this.read !== null || report === null) return;
    try {
      const read = await api.report(report);
      if (report === this.report) this.read = read;
    } catch (error) {
      this.problem = inWords(error);
    }
  };
}
