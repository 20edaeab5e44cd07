import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Prior } from '../api/persons-types.ts';
import { localName, t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { changes, SOURCES, valuesFrom, type Change, type Source } from './compare.ts';
import { ecgValuesStyles } from './ecg-styles.ts';
import type { Ecg } from './ecg-types.ts';

/** What has changed since the earlier ECG, both sides by the same source. Fires `pick-earlier` with another of the earlier ECGs. */
@customElement('ecg-changes')
export class EcgChanges extends AppElement {
  @property({ attribute: false }) ecg!: Ecg;
  @property({ attribute: false }) old: Ecg | null = null;
  @property({ attribute: false }) priors: readonly Prior[] = [];
  @property() picked = '';
  @state() private source: Source = 'measured';

  static override styles = [base, controls, ecgValuesStyles];

  override render(): TemplateResult {
    const rows = changes(this.old && valuesFrom(this.old, this.source), valuesFrom(this.ecg, this.source));
    return html`
      <select
        data-testid="earlier-pick"
        aria-label=${t('ecg.compare.which')}
        @change=${(event: Event) => this.tell('pick-earlier', (event.target as HTMLSelectElement).value)}
      >
        ${this.priors.map(
          (one) => html`<option value=${one.study_instance_uid} ?selected=${one.study_instance_uid === this.picked}>
            ${fullMoment(one.at)} ${localName(one.institution_name, one.institution_name_en)}
          </option>`,
        )}
      </select>
      <div class="sources" role="radiogroup" aria-label=${t('ecg.compare.source')}>
        ${SOURCES.map(
          (one) => html`<button class="small quiet" role="radio" aria-checked=${one === this.source} aria-pressed=${one === this.source} @click=${() => (this.source = one)}>
            ${t(`ecg.source.${one}`)}
          </button>`,
        )}
      </div>
      <table aria-label=${t('ecg.compare')} data-testid="ecg-changes">
        <thead>
          <tr>
            <th></th>
            <th scope="col">${t('ecg.compare.old')}</th>
            <th scope="col">${t('ecg.compare.new')}</th>
            <th scope="col">${t('ecg.compare.difference')}</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => this.#row(row))}
        </tbody>
      </table>
      ${this.old?.state === 'done' ? nothing : html`<p class="muted">${t('ecg.compare.not_measured')}</p>`}
    `;
  }

  #row({ name, before, now, difference }: Change): TemplateResult {
    return html`<tr data-testid="change-${name}">
      <th scope="row">${t(`ecg.value.${name}`)}</th>
      <td class="num">${before ?? '–'}</td>
      <td class="num">${now ?? '–'}</td>
      <td class="num difference">${difference === null ? '–' : difference > 0 ? `+${difference}` : difference === 0 ? '0' : `−${-difference}`}</td>
    </tr>`;
  }
}
