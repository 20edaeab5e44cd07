import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { FieldSpec, SentenceSpec, TemplateContent, Values } from '../api/templates-types.ts';
import { language, t, type MessageKey } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { defaultOf, defaultText, list, movedUp, numberOf, optionLines, optionsOf, tidy } from './drafting.ts';
import { findingsText, impressionText, render, type Rendered } from './render.ts';
import type { FieldChange } from './structured-form.ts';
import { templateFormStyles } from './template-form-styles.ts';
import './structured-form.ts';

const TYPES = ['choice', 'several', 'number', 'side', 'text'] as const;
type Part = 'findings' | 'impression';

/** A template as a form, with a preview that speaks as the report will. Fires `save` with the content and `leave`. */
@customElement('template-form')
export class TemplateForm extends AppElement {
  @property({ attribute: false }) content!: TemplateContent;
  @property({ type: Boolean }) readonly = false;
  /** What the server found wrong. */
  @property() complaint = '';
  @state() private values: Values = {};

  static override styles = [base, controls, surfaces, templateFormStyles];

  override render(): TemplateResult {
    const { content } = this;
    return html`<form @submit=${this.#save} data-testid="template-form">
        <fieldset class="card part" ?disabled=${this.readonly} style="border-radius:8px;grid-template-columns:none">
          ${this.#facts(content)}
          <h3>${t('tplpage.fields')}</h3>
          ${content.fields.map((field, n) => this.#field(field, n))} ${this.#add(() => this.#addField())}
          <h3>${t('tplpage.findings')}</h3>
          ${this.#sentences('findings')}
          <h3>${t('tplpage.impression')}</h3>
          ${this.#sentences('impression')}
        </fieldset>
        <footer class="part">
          ${this.readonly ? nothing : html`<button class="primary" data-testid="template-save">${t('tplpage.save')}</button>`}
          <button type="button" @click=${() => this.tell('leave')}>${t('tplpage.close')}</button>
          ${this.complaint === '' ? nothing : html`<span class="field-error" role="alert">${this.complaint}</span>`}
        </footer>
      </form>
      ${this.#preview(content)}`;
  }

  #facts({ title, modalities, body_parts, terms, sex, age }: TemplateContent): TemplateResult {
    return html`<div class="facts">
      ${this.#input('tplpage.name', title.zh, (zh) => this.#change({ title: { ...title, zh } }), 'title-zh')}
      ${this.#input('tplpage.name.en', title.en, (en) => this.#change({ title: { ...title, en } }), 'title-en')}
      ${this.#input('tplpage.modalities', modalities.join(', '), (text) => this.#change({ modalities: list(text) }), 'modalities')}
      ${this.#input('tplpage.body_parts', body_parts.join(', '), (text) => this.#change({ body_parts: list(text) }))}
      <label>${t('tplpage.sex')}
        <select @change=${(event: Event) => this.#change({ sex: (event.target as HTMLSelectElement).value as '' | 'M' | 'F' })}>
          ${(['', 'F', 'M'] as const).map(
            (one) => html`<option value=${one} ?selected=${(sex ?? '') === one}>${one === '' ? t('tplpage.sex.all') : t(`sex.${one}`)}</option>`,
          )}
        </select>
      </label>
      ${this.#input('tplpage.age.least', text(age?.least), (typed) => this.#change({ age: tidy({ ...age, least: numberOf(typed) }) as object }))}
      ${this.#input('tplpage.age.most', text(age?.most), (typed) => this.#change({ age: tidy({ ...age, most: numberOf(typed) }) as object }))}
      ${this.#input('tplpage.terms', terms.join(', '), (typed) => this.#change({ terms: list(typed) }), '', true)}
    </div>`;
  }

  #field(field: FieldSpec, n: number): TemplateResult {
    const set = (change: Partial<FieldSpec>): void => this.#setField(n, { ...field, ...change });
    return html`<fieldset data-testid="template-field">
      ${this.#input('tplpage.id', field.id, (id) => set({ id }))}
      ${this.#input('tplpage.name', field.label.zh, (zh) => set({ label: { ...field.label, zh } }))}
      ${this.#input('tplpage.name.en', field.label.en, (en) => set({ label: { ...field.label, en } }))}
      <label>${t('tplpage.type')}
        <select @change=${(event: Event) => set({ type: (event.target as HTMLSelectElement).value as FieldSpec['type'] })}>
          ${TYPES.map((type) => html`<option value=${type} ?selected=${field.type === type}>${t(`tplpage.type.${type}`)}</option>`)}
        </select>
      </label>
      ${this.#input('tplpage.when', field.when ?? '', (when) => set({ when }))}
      ${field.type === 'side' ? nothing : this.#input('tplpage.default', defaultText(field.default), (typed) => set({ default: defaultOf(field.type, typed) as never }))}
      ${field.type === 'number' ? this.#number(field, set) : nothing}
      ${field.type === 'choice' || field.type === 'several' ? this.#options(field, set) : nothing}
      ${this.#tools('fields', n)}
    </fieldset>`;
  }

  #number({ unit, min, max, normal }: FieldSpec, set: (change: Partial<FieldSpec>) => void): TemplateResult {
    const range = (typed: string): [number | undefined, number | undefined] => {
      const [least = '', most = ''] = typed.split(/[~～]/);
      return [numberOf(least), numberOf(most)];
    };
    return html`${this.#input('tplpage.unit', unit?.zh ?? '', (zh) => set({ unit: { zh, en: unit !== undefined && unit.zh !== unit.en ? unit.en : zh } }))}
    ${this.#input('tplpage.range', `${text(min)}~${text(max)}`, (typed) => {
      const [least, most] = range(typed);
      set({ min: least as never, max: most as never });
    })}
    ${this.#input('tplpage.normal_range', `${text(normal?.min)}~${text(normal?.max)}`, (typed) => {
      const [least, most] = range(typed);
      set({ normal: tidy({ min: least, max: most }) as never });
    })}`;
  }

  #options(field: FieldSpec, set: (change: Partial<FieldSpec>) => void): TemplateResult {
    return html`<label class="wide">${t('tplpage.options')}
      <textarea
        class="options"
        rows=${Math.min(8, (field.options?.length ?? 0) + 1)}
        .defaultValue=${optionLines(field.options ?? [])}
        @change=${(event: Event) => set({ options: optionsOf((event.target as HTMLTextAreaElement).value) })}
      ></textarea>
    </label>`;
  }

  #sentences(part: Part): TemplateResult {
    const sentences = this.content[part];
    const set = (n: number, change: Partial<SentenceSpec>): void =>
      this.#change({ [part]: sentences.map((one, at) => (at === n ? tidy({ ...one, ...change }) : one)) });
    return html`${sentences.map(
      (one, n) => html`<fieldset data-testid="template-sentence">
        ${this.#input('tplpage.id', one.id, (id) => set(n, { id }))}
        ${this.#input('tplpage.when', one.when ?? '', (when) => set(n, { when }))}
        <label class="check">
          <input type="checkbox" .checked=${one.paragraph === true} @change=${() => set(n, { paragraph: one.paragraph ? (undefined as never) : true })} />
          ${t('tplpage.paragraph')}
        </label>
        ${this.#tools(part, n)} ${this.#input('tplpage.sentence.zh', one.zh, (zh) => set(n, { zh }), `${part}-zh`, true)}
        ${this.#input('tplpage.sentence.en', one.en, (en) => set(n, { en }), `${part}-en`, true)}
      </fieldset>`,
    )}
    ${this.#add(() => this.#change({ [part]: [...sentences, { id: `${part}_${sentences.length + 1}`, zh: '', en: '' }] }))}`;
  }

  #tools(part: 'fields' | Part, n: number): TemplateResult {
    const items: readonly unknown[] = this.content[part];
    return html`<span class="tools">
      <button type="button" class="small quiet" ?disabled=${n === 0} @click=${() => this.#change({ [part]: movedUp(items, n) })}>${t('tplpage.up')}</button>
      <button type="button" class="small quiet" @click=${() => this.#change({ [part]: items.filter((_, at) => at !== n) })}>${t('tplpage.remove')}</button>
    </span>`;
  }

  #add(add: () => void): TemplateResult {
    return html`<div><button type="button" class="small" @click=${add}>${t('tplpage.add')}</button></div>`;
  }

  #input(label: MessageKey, value: string, set: (text: string) => void, testid = '', wide = false): TemplateResult {
    return html`<label class=${wide ? 'wide' : ''}>${t(label)}
      <input .value=${value} data-testid=${testid || nothing} @change=${(event: Event) => set((event.target as HTMLInputElement).value.trim())} />
    </label>`;
  }

  #preview(content: TemplateContent): TemplateResult {
    const said = this.#said(content);
    return html`<section class="card preview" data-testid="template-preview">
      <header><h2>${t('tplpage.preview')}</h2><small class="muted">${t('tplpage.preview.hint')}</small></header>
      <div class="part">
        ${typeof said === 'string'
          ? html`<p class="field-error">${t('tplpage.invalid', { text: said })}</p>`
          : html`<structured-form
                .filled=${said.filled}
                .language=${language.value}
                @field-change=${({ detail }: CustomEvent<FieldChange>) => (this.values = { ...this.values, [detail.field]: detail.value })}
              ></structured-form>
              <p class="said">${findingsText(said)}</p>
              <p class="said"><b>${impressionText(said)}</b></p>
              <p>${t(said.positive ? 'report.positive.yes' : 'report.positive.no')}</p>`}
      </div>
    </section>`;
  }

  /** The report, or what in the template cannot be read. */
  #said(content: TemplateContent): Rendered | string {
    try {
      return render(content, this.values, language.value);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #addField(): void {
    const id = `field_${this.content.fields.length + 1}`;
    const field: FieldSpec = { id, type: 'choice', label: { zh: '新项目', en: 'New field' }, options: [{ value: 'normal', label: { zh: '正常', en: 'normal' } }] };
    this.#change({ fields: [...this.content.fields, field] });
  }

  #setField(n: number, field: FieldSpec): void {
    this.#change({ fields: this.content.fields.map((one, at) => (at === n ? tidy(field) : one)) });
  }

  #change(change: Partial<TemplateContent>): void {
    this.content = { ...this.content, ...change };
  }

  #save(event: Event): void {
    event.preventDefault();
    this.tell('save', this.content);
  }
}

function text(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}
