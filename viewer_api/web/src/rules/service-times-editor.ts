import { html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Content } from '../api/rules-types.ts';
import { t, word, type MessageKey } from '../i18n/index.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { editorStyles } from './editor-styles.ts';
import {
  CLASSES,
  contractsOf,
  figuresOf,
  numberAt,
  rowKeys,
  withContract,
  withFigures,
  withNumber,
  type ClassName,
  type Figures,
} from './service-times.ts';

const NUMBERS: readonly (readonly [path: string, message: MessageKey, step: string])[] = [
  ['escalation.nudge', 'rules.number.nudge', '0.05'],
  ['escalation.widen', 'rules.number.widen', '0.05'],
  ['escalation.breach', 'rules.number.breach', '0.05'],
  ['escalation.affairs', 'rules.number.affairs', '0.05'],
  ['waits.accept_minutes', 'rules.number.accept', '1'],
  ['waits.answer_hours', 'rules.number.answer', '1'],
  ['waits.grace_minutes', 'rules.number.grace', '1'],
  ['waits.unmanned_minutes.P2', 'rules.number.unmanned_p2', '10'],
  ['waits.unmanned_minutes.P3', 'rules.number.unmanned_p3', '10'],
  ['waits.unclaimed_minutes.P0', 'rules.number.unclaimed', '1'],
  ['regulatory.minutes', 'rules.number.regulatory', '10'],
  ['regulatory.warn_minutes', 'rules.number.regulatory_warn', '5'],
  ['shares.read', 'rules.number.share_read', '0.05'],
  ['shares.audit', 'rules.number.share_audit', '0.05'],
  ['green_channel.window_hours', 'rules.number.window', '1'],
];

/** Targets and maxima by class and kind of examination, of the county or of one clinic's contract. Fires `change` with the content. */
@customElement('service-times-editor')
export class ServiceTimesEditor extends AppElement {
  @property({ attribute: false }) content: Content = {};
  @state() private contract = '';

  static override styles = [base, controls, editorStyles];

  override render(): TemplateResult {
    const contracts = contractsOf(this.content);
    return html`<div class="line">
        <label class="line"
          >${t('rules.times.for')}
          <select data-testid="contract" .value=${this.contract} @change=${this.#choose}>
            <option value="">${t('rules.times.county')}</option>
            ${contracts.map((code) => html`<option value=${code} ?selected=${code === this.contract}>${code}</option>`)}
          </select>
        </label>
        <button class="small" @click=${this.#addContract}>${t('rules.times.add_contract')}</button>
        <span class="muted">${t(this.contract === '' ? 'rules.times.how' : 'rules.times.how_contract')}</span>
      </div>
      <div class="scroll">
        <table data-testid="service-times">
          <thead>
            <tr>
              <th scope="col">${t('rules.times.kind')}</th>
              ${CLASSES.map((one) => html`<th scope="col">${one} ${word('priority', one)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rowKeys(this.content).map((key) => this.#row(key))}
          </tbody>
        </table>
      </div>
      <fieldset>
        <legend>${t('rules.numbers')}</legend>
        ${NUMBERS.map(([path, message, step]) => this.#number(path, message, step))}
      </fieldset>`;
  }

  #row(key: string): TemplateResult {
    const inside = key.includes('/');
    return html`<tr>
      <th scope="row" class=${inside ? 'inside' : ''}>${word('rules.row', key)}</th>
      ${CLASSES.map((priority) => html`<td>${this.#figures(priority, key)}</td>`)}
    </tr>`;
  }

  #figures(priority: ClassName, key: string): TemplateResult {
    const own = figuresOf(this.content, priority, key, this.contract);
    const county = this.contract === '' ? null : figuresOf(this.content, priority, key);
    const cell = (name: keyof Figures): TemplateResult =>
      html`<input
        type="number"
        min="1"
        step="1"
        data-testid=${`${priority} ${key} ${name}`}
        aria-label=${`${priority} ${word('rules.row', key)} ${t(`rules.times.${name}`)}`}
        .value=${own === null ? '' : String(own[name])}
        placeholder=${county === null ? '' : String(county[name])}
        @change=${(event: Event) => this.#set(priority, key, name, (event.target as HTMLInputElement).value)}
      />`;
    return html`${cell('target')} / ${cell('maximum')}`;
  }

  #set(priority: ClassName, key: string, name: keyof Figures, text: string): void {
    const own = figuresOf(this.content, priority, key, this.contract);
    const value = Number(text);
    const next = text === '' ? null : { ...(own ?? { target: value, maximum: value }), [name]: value };
    this.tell('change', withFigures(this.content, priority, key, next, this.contract));
  }

  #number(path: string, message: MessageKey, step: string): TemplateResult {
    return html`<label class="field"
      >${t(message)}
      <input
        type="number"
        min="0"
        step=${step}
        data-testid=${path}
        .value=${String(numberAt(this.content, path) ?? '')}
        @change=${(event: Event) =>
          this.tell('change', withNumber(this.content, path, Number((event.target as HTMLInputElement).value)))}
      />
    </label>`;
  }

  #choose = (event: Event): void => {
    event.stopPropagation();
    this.contract = (event.target as HTMLSelectElement).value;
  };

  #addContract = async (): Promise<void> => {
    const field = { name: 'code', label: t('rules.times.code'), kind: 'text', required: true, hint: 't01' } as const;
    const answers = await ask({ title: t('rules.times.add_contract'), fields: [field] });
    const code = answers?.['code']?.trim() ?? '';
    if (code === '') return;
    this.tell('change', withContract(this.content, code));
    this.contract = code;
  };
}
