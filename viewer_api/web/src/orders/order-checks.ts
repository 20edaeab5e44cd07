import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { language, localName, t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import type { Checked, Earlier, RepeatReason } from './orders-api.ts';

/**
 * What the patient has had already. Fires `recognise` with an earlier examination, and `repeat` with a reason: a code and
 * words.
 */
@customElement('order-checks')
export class OrderChecks extends AppElement {
  @property({ attribute: false }) checked!: Checked;
  @property({ attribute: false }) reasons: readonly RepeatReason[] = [];
  @property({ attribute: false }) again: { code: string; text: string } = { code: '', text: '' };

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      section {
        display: grid;
        gap: 8px;
        padding: 12px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
      }
      .recognisable {
        border-color: var(--late);
        background: var(--late-soft);
      }
      h3 {
        font-size: 15px;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 14px;
        align-items: center;
        padding: 6px 0;
        border-top: 1px solid var(--line);
      }
      li > span:first-child {
        flex: 1 1 240px;
      }
      label {
        display: grid;
        gap: 4px;
      }
    `,
  ];

  override render(): TemplateResult {
    const { recognisable, duplicates } = this.checked;
    return html`${recognisable.length === 0 ? nothing : this.#recognisable(recognisable)}
    ${duplicates.orders.length + duplicates.studies.length === 0 ? nothing : this.#duplicates()}`;
  }

  #recognisable(found: readonly Earlier[]): TemplateResult {
    return html`<section class="recognisable" data-testid="recognisable">
      <h3>${t('orders.recognisable')}</h3>
      <p>${t('orders.recognisable.text', { days: found[0]?.days ?? 0 })}</p>
      <ul>
        ${found.map((one) => this.#earlier(one))}
      </ul>
      <label>
        <span>${t('orders.repeat.reason')}</span>
        <select data-testid="repeat-reason" @change=${(event: Event) => this.#reason({ code: valueOf(event) })}>
          <option value="" ?selected=${this.again.code === ''}>${t('orders.repeat.choose')}</option>
          ${this.reasons.map(
            ({ code, zh, en }) =>
              html`<option value=${code} ?selected=${this.again.code === code}>${language.value === 'zh' ? zh : en}</option>`,
          )}
        </select>
      </label>
      <label>
        <span>${t('orders.repeat.text')}</span>
        <input .value=${this.again.text} maxlength="500" @input=${(event: Event) => this.#reason({ text: valueOf(event) })} />
      </label>
    </section>`;
  }

  #earlier(one: Earlier): TemplateResult {
    const where = localName(one.institution_name, one.institution_name_en);
    return html`<li data-testid="earlier">
      <span>
        <b>${one.description || word('modality', one.modality)}</b>
        <span class="num">${fullMoment(one.at)}</span> · ${where}
      </span>
      ${one.report_id === null
        ? html`<small class="muted">${this.checked.share_reports ? t('orders.recognise.report_after') : nothing}</small>`
        : html`<a href=${links.clinicStudy(one.study_instance_uid)}>${t('orders.recognised.report')}</a>`}
      <button class="primary" data-testid="recognise" @click=${() => this.tell('recognise', one)}>${t('orders.recognise')}</button>
    </li>`;
  }

  #duplicates(): TemplateResult {
    const { orders, studies } = this.checked.duplicates;
    return html`<section data-testid="duplicates">
      <h3>${t('orders.duplicates')}</h3>
      <p class="muted">${t('orders.duplicates.text')}</p>
      <ul>
        ${orders.map(
          (one) => html`<li>
            <span>${one.procedure_description || word('modality', one.modality)} · ${one.accession_number}</span>
            <span class="num">${fullMoment(one.scheduled_at)}</span><span>${t(`orders.state.${one.state}`)}</span>
          </li>`,
        )}
        ${studies.map(
          (one) => html`<li>
            <span>${one.description || word('modality', one.modality)}</span>
            <span class="num">${fullMoment(one.last_received_at)}</span>
            <a href=${links.clinicStudy(one.study_instance_uid)}>${t('orders.open_study')}</a>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #reason(change: { code?: string; text?: string }): void {
    this.tell('repeat', { ...this.again, ...change });
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
