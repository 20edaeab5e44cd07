import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { FittingTemplate } from '../api/templates-types.ts';
import { language, t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { changedByHand } from './merging.ts';
import type { Asked, StructuredReport } from './structured-report.ts';
import './structured-form.ts';
import './template-picker.ts';

export interface Decision {
  asked: Asked;
  replace: boolean;
}

/** The template of a report: proposed, chosen, filled in. Fires `normal`, `pick`, `detach`, `field-change` and `decide`. */
@customElement('template-bar')
export class TemplateBar extends AppElement {
  @property({ attribute: false }) templates: readonly FittingTemplate[] = [];
  @property({ attribute: false }) report: StructuredReport | null = null;
  @property() findings = '';
  @property() impression = '';
  /** Whether nothing is written yet. */
  @property({ type: Boolean }) fresh = false;
  @state() private picking = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
        display: grid;
        gap: 6px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      .line strong {
        font-size: 13px;
      }
      .line .grow {
        flex: 1;
      }
      .edited {
        color: var(--soon);
        font-size: 12.5px;
      }
      structured-form {
        max-height: max(26vh, 150px);
        padding: 6px 8px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--raised);
      }
      template-picker {
        position: absolute;
        z-index: 20;
        top: 34px;
        left: 0;
        right: 0;
      }
      .ask {
        display: grid;
        gap: 3px;
        font-size: 13px;
      }
      .ask div {
        display: flex;
        gap: 6px;
      }
    `,
  ];

  /** The suggested template, when one fits the exam. */
  get suggested(): FittingTemplate | null {
    return this.templates.find(({ suggested }) => suggested) ?? null;
  }

  openPicker(): void {
    this.picking = this.templates.length > 0;
  }

  override render(): TemplateResult | typeof nothing {
    if (this.templates.length === 0 && this.report === null) return nothing;
    return html`
      <div class="line">${this.report === null ? this.#offer() : this.#chosen(this.report)}</div>
      ${this.picking
        ? html`<template-picker
            .templates=${this.templates}
            @close=${() => (this.picking = false)}
            @pick=${() => (this.picking = false)}
          ></template-picker>`
        : nothing}
      ${this.report === null ? nothing : this.#form(this.report)}
    `;
  }

  #offer(): TemplateResult {
    const { suggested } = this;
    return html`${suggested === null
        ? nothing
        : html`<button class="small" data-testid="template-normal" @click=${() => this.tell('normal')}>
            ${t('tpl.normal.of', { title: suggested.content.title[language.value] })}<kbd>F2</kbd>
          </button>`}
      <button class="small quiet" data-testid="template-pick" @click=${this.openPicker}>${t('tpl.pick')}<kbd>F4</kbd></button>`;
  }

  #chosen({ template, said }: StructuredReport): TemplateResult {
    const edited = changedByHand(this.findings, said.findings).length + changedByHand(this.impression, said.impression).length;
    return html`<strong data-testid="template-title">${template.content.title[language.value]}</strong>
      ${edited > 0 ? html`<span class="edited" data-testid="template-edited">${t('tpl.edited', { n: edited })}</span>` : nothing}
      <span class="grow"></span>
      <button class="small quiet" title=${t('tpl.normal')} aria-label=${t('tpl.normal')} @click=${() => this.tell('normal')}>${icon('check', 14)}<kbd>F2</kbd></button>
      <button class="small quiet" title=${t('tpl.pick')} aria-label=${t('tpl.pick')} @click=${this.openPicker}>${icon('down', 14)}<kbd>F4</kbd></button>
      <button class="small quiet" title=${t('tpl.detach.hint')} aria-label=${t('tpl.detach')} @click=${() => this.tell('detach')}>${icon('close', 14)}</button>`;
  }

  #form(report: StructuredReport): TemplateResult {
    return html`<structured-form
        aria-label=${t('tpl.form')}
        data-testid="structured-form"
        .filled=${report.said.filled}
        .language=${report.language}
      ></structured-form>
      ${report.asked.map((asked) => this.#asked(asked))}`;
  }

  #asked(asked: Asked): TemplateResult {
    const decide = (replace: boolean): void => this.tell<Decision>('decide', { asked, replace });
    return html`<div class="notice warn ask" role="alert" data-testid="template-ask">
      <span>${t('tpl.ask')}</span>
      <span>${t('tpl.ask.hand', { text: asked.hand || t('tpl.ask.nothing') })}</span>
      <span>${t('tpl.ask.wanted', { text: asked.wanted || t('tpl.ask.nothing') })}</span>
      <div>
        <button class="small" @click=${() => decide(true)}>${t('tpl.ask.replace')}</button>
        <button class="small" @click=${() => decide(false)}>${t('tpl.ask.keep')}</button>
      </div>
    </div>`;
  }
}
