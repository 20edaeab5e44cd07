import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';

import type { Exchange, Series } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../viewer/marked-image.ts';

/** What the reader wants of the clinic. Fires `answer` with the text, or `waive`. */
@customElement('clinic-request')
export class ClinicRequest extends AppElement {
  @property({ attribute: false }) request!: Exchange;
  @property({ attribute: false }) series: readonly Series[] = [];
  /** Study Instance UID. */
  @property() study = '';
  @property({ type: Boolean }) busy = false;
  @query('textarea') private answer!: HTMLTextAreaElement | null;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      section {
        display: grid;
        gap: 10px;
        padding: 16px;
        border-color: var(--late);
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 8px;
        color: var(--late);
      }
      .text {
        font-size: 16px;
        white-space: pre-wrap;
      }
      textarea {
        width: 100%;
        min-height: 84px;
      }
      label {
        display: grid;
        gap: 4px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { kind, text, by, at } = this.request;
    return html`<section class="card" data-testid="clinic-request" data-kind=${kind}>
      <h2>${icon('warning')}${t(kind === 'ask' ? 'study.question' : 'study.retake')}</h2>
      <p class="text">${kind === 'ask' ? nothing : html`<b>${this.#reason()}</b><br />`}${text}</p>
      ${this.request.marked ? html`<marked-image .study=${this.study} .mark=${this.request.marked} .thumbnail=${this.#thumbnail()}></marked-image>` : nothing}
      <p class="muted num">${by} · ${fullMoment(at)}</p>
      ${kind === 'ask' ? this.#answerForm() : this.#retake()}
    </section>`;
  }

  #thumbnail(): string | null {
    return this.series.find((one) => one.series_instance_uid === this.request.marked?.series_instance_uid)?.thumbnail ?? null;
  }

  #reason(): string {
    const series = this.series.find((one) => one.series_instance_uid === this.request.series_instance_uid);
    const which = series === undefined ? '' : ` · ${t('viewer.series.label', { n: series.number ?? '', description: series.description })}`;
    return word('retake', this.request.code) + which;
  }

  #answerForm(): TemplateResult {
    return html`<form @submit=${this.#send} style="display:grid;gap:10px;justify-items:start">
      <label style="width:100%">
        <span class="muted">${t('study.answer')}</span>
        <textarea data-testid="answer-text" required></textarea>
      </label>
      <button class="primary" data-testid="answer-send" ?disabled=${this.busy}>${t('study.answer.send')}</button>
    </form>`;
  }

  #retake(): TemplateResult {
    return html`<p>${t('study.retake.how')}</p>
      <div>
        <button data-testid="waive-retake" ?disabled=${this.busy} @click=${() => this.tell('waive')}>
          ${t('study.retake.waive')}
        </button>
      </div>`;
  }

  #send(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.answer?.value.trim() ?? '';
    if (text === '') this.answer?.focus();
    else this.tell('answer', text);
  }
}
