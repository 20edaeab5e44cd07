import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t, type MessageKey } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import { ONE_CELL, replaced } from '../drafting.ts';
import type { Condition, HangingStep, Protocol, Side } from '../hanging-api.ts';
import { BODY_PARTS, MODALITIES, sideChoices, VIEWS } from './choices.ts';
import { faultsAt, NO_FAULTS, type Faults } from './faults.ts';
import { choiceField, numberField, textField, wordsField, type FieldSpec } from './fields.ts';
import { ruleFormStyles } from './form-styles.ts';
import { allottedFor, type Tried } from './trying.ts';
import './step-form.ts';

const MOST_STEPS = 9;

/** A rule: what it is called, which exams it is for, and how they are laid out, step by step. Fires `change` with the rule. */
@customElement('hang-rule-form')
export class HangRuleForm extends AppElement {
  @property({ attribute: false }) rule!: Protocol;
  @property({ attribute: false }) faults: Faults = NO_FAULTS;
  @property({ attribute: false }) tried: Tried | null = null;
  @property({ type: Boolean }) readonly = false;
  @state() private at = 0;

  static override styles = [
    base,
    controls,
    ruleFormStyles,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('rule') && changed.get('rule')?.key !== this.rule.key) this.at = 0;
    const wrong = Number(/^steps\.(\d+)\./.exec([...this.faults.keys()].find((path) => path.startsWith('steps.')) ?? '')?.[1] ?? Number.NaN);
    if (changed.has('faults') && this.faults.size > 0 && Number.isFinite(wrong)) this.at = wrong;
    this.at = Math.min(this.at, this.rule.steps.length - 1);
  }

  override render(): TemplateResult {
    const { rule, at } = this;
    const step = rule.steps[at] ?? ONE_CELL;
    return html`<div class="fields">
        ${textField(this.#spec('zh', 'hangrule.name', { wide: true }), rule.zh, (zh) => this.#set({ zh }))}
        ${textField(this.#spec('en', 'hangrule.name.en', { wide: true }), rule.en, (en) => this.#set({ en }))}
      </div>
      ${this.#conditions(rule.when)}
      <fieldset>
        <legend>${t('hangrule.steps')}</legend>
        <div class="line steps">
          <div class="line" role="tablist" aria-label=${t('hangrule.steps')}>
            ${rule.steps.map(
              (one, index) =>
                html`<button role="tab" class="small" aria-selected=${index === at} data-testid="step-${index}" @click=${() => (this.at = index)}>
                  ${t('hangrule.step', { n: index + 1 })} · ${one.layout.replace('x', '×')}
                </button>`,
            )}
          </div>
          ${this.readonly ? nothing : this.#stepTools()}
        </div>
        <hang-step-form
          .step=${step}
          .shown=${this.tried === null ? null : allottedFor(step, this.tried)}
          .faults=${faultsAt(this.faults, `steps.${at}.`)}
          ?readonly=${this.readonly}
          @change=${(event: CustomEvent<HangingStep>) => {
            event.stopPropagation();
            this.#set({ steps: replaced(rule.steps, at, event.detail) });
          }}
        ></hang-step-form>
      </fieldset>`;
  }

  #stepTools(): TemplateResult {
    const { steps } = this.rule;
    const add = (): void => {
      this.#set({ steps: [...steps, ONE_CELL] });
      this.at = steps.length;
    };
    return html`<button class="small quiet" data-testid="step-add" ?disabled=${steps.length >= MOST_STEPS} @click=${add}>${t('hangrule.step.add')}</button>
      <button
        class="small quiet"
        data-testid="step-remove"
        ?disabled=${steps.length < 2}
        @click=${() => this.#set({ steps: steps.filter((_, index) => index !== this.at) })}
      >
        ${t('hangrule.step.remove')}
      </button>`;
  }

  #conditions(when: Condition): TemplateResult {
    const set = (change: Partial<Condition>): void => this.#set({ when: { ...when, ...change } });
    const capitals = (values: readonly string[]): string[] => values.map((value) => value.toUpperCase());
    const any = { hint: t('hangrule.any') };
    const priors = (['', 'true', 'false'] as const).map((value) => ({ value, label: t(`hangrule.prior.${value || 'any'}`) }));
    return html`<fieldset>
      <legend>${t('hangrule.when')}</legend>
      <div class="fields">
        ${wordsField(this.#spec('when.modalities', 'hangrule.modalities', { ...any, list: 'modalities' }), when.modalities, (modalities) => set({ modalities: capitals(modalities) }))}
        ${wordsField(this.#spec('when.body_parts', 'hangrule.body_parts', { ...any, list: 'body-parts' }), when.body_parts, (parts) => set({ body_parts: capitals(parts) }))}
        ${wordsField(this.#spec('when.words', 'hangrule.words', { ...any, wide: true }), when.words, (words) => set({ words }))}
        ${wordsField(this.#spec('when.views', 'hangrule.views', { ...any, list: 'views' }), when.views, (views) => set({ views: capitals(views) }))}
        ${choiceField(this.#spec('when.laterality', 'hangrule.side'), sideChoices(), when.laterality, (value) => set({ laterality: value as Side }))}
        ${choiceField(this.#spec('when.prior', 'hangrule.prior'), priors, when.prior === null ? '' : String(when.prior), (value) =>
          set({ prior: value === '' ? null : value === 'true' }),
        )}
        ${numberField(this.#spec('when.least', 'hangrule.least', { least: 0, most: 999 }), when.least, (least) => set({ least: least ?? 0 }))}
        ${numberField(this.#spec('when.most', 'hangrule.most', { ...any, least: 1, most: 999 }), when.most, (most) => set({ most }))}
      </div>
      ${suggestions('modalities', MODALITIES)} ${suggestions('body-parts', BODY_PARTS)} ${suggestions('views', VIEWS)}
    </fieldset>`;
  }

  #spec<T extends object>(path: string, label: MessageKey, more?: T): FieldSpec & T {
    return { path, label: t(label), faults: this.faults, disabled: this.readonly, ...(more ?? ({} as T)) };
  }

  #set(change: Partial<Protocol>): void {
    this.tell('change', { ...this.rule, ...change });
  }
}

function suggestions(id: string, values: readonly string[]): TemplateResult {
  return html`<datalist id=${id}>${values.map((value) => html`<option value=${value}></option>`)}</datalist>`;
}
