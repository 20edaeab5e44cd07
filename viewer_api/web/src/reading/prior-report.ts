import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Prior } from '../api/persons-types.ts';
import type { Report, ReportContent } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { listedMoment } from '../lib/time.ts';
import { api } from '../session.ts';
import { changedText, differenceStyles } from '../report/difference-view.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';

type Part = 'findings' | 'impression';

/** An earlier report beside the one that is written, with the difference. Fires `prior-insert` with words and `prior-start` with both parts. */
@customElement('prior-report')
export class PriorReport extends AppElement {
  @property() study = '';
  @property({ attribute: false }) content!: ReportContent;
  @state() private priors: readonly Prior[] = [];
  @state() private report: Report | null = null;
  @state() private compares = false;

  static override styles = [
    base,
    controls,
    differenceStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
        font-size: 13px;
      }
      select {
        min-height: 28px;
        max-width: 220px;
        font-size: 13px;
      }
      .words {
        max-height: 22vh;
        overflow: auto;
        margin-top: 6px;
        padding: 6px 10px;
        border-left: 3px solid var(--line-strong);
        font-size: 14px;
        line-height: 1.6;
        white-space: pre-wrap;
      }
      .words div {
        display: flex;
        gap: 8px;
        align-items: start;
      }
      .words p {
        flex: 1;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study') && this.study !== '') void this.#load(this.study);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.priors.length === 0) return nothing;
    return html`<div class="head">
        <select data-testid="prior-pick" aria-label=${t('prior.compare')} @change=${this.#pick}>
          <option value="" ?selected=${this.report === null}>${t('prior.compare')}</option>
          ${this.priors.map(
            (prior) =>
              html`<option value=${prior.report_id!} ?selected=${this.report?.id === prior.report_id}>
                ${listedMoment(prior)} ${prior.modality} ${prior.description || prior.body_part}
              </option>`,
          )}
        </select>
        ${this.report === null ? nothing : this.#tools(this.report)}
      </div>
      ${this.report === null ? nothing : html`<div class="words" data-testid="prior-words">${this.#part('findings', this.report)}${this.#part('impression', this.report)}</div>`}`;
  }

  #tools({ findings, impression }: Report): TemplateResult {
    return html`<button class="small quiet" aria-pressed=${this.compares} data-testid="prior-difference" @click=${() => (this.compares = !this.compares)}>
        ${t(this.compares ? 'prior.text' : 'prior.difference')}
      </button>
      <button class="small quiet" data-testid="prior-start" @click=${() => this.tell('prior-start', { findings, impression })}>
        ${t('prior.insert.all')}
      </button>`;
  }

  #part(part: Part, report: Report): TemplateResult {
    return html`<div>
      <p>${this.compares ? changedText(report[part], this.content[part]) : report[part]}</p>
      <button class="small quiet" data-testid="prior-insert-${part}" @click=${() => this.tell('prior-insert', report[part])}>
        ${t('prior.insert')}
      </button>
    </div>`;
  }

  readonly #pick = async (event: Event): Promise<void> => {
    const id = Number((event.target as HTMLSelectElement).value);
    this.report = null;
    if (id === 0) return;
    try {
      this.report = await api.report(id);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  };

  async #load(study: string): Promise<void> {
    [this.priors, this.report] = [[], null];
    const { items } = await api.priors(study).catch(() => ({ items: [] }));
    if (study === this.study) this.priors = items.filter(({ report_id }) => report_id !== null);
  }
}
