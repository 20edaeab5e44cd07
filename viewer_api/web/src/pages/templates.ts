import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { PlaceOrder, Template, TemplateContent } from '../api/templates-types.ts';
import { inWords } from '../i18n/errors.ts';
import { language, t } from '../i18n/index.ts';
import { hasRole, templatesApi } from '../session.ts';
import { BLANK } from '../templates/drafting.ts';
import { levelName, placeFields, placeOf } from '../templates/phrase-table.ts';
import { pageTable } from '../templates/table-styles.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../templates/template-form.ts';
import '../ui/connection-banner.ts';

interface Opened {
  content: TemplateContent;
  /** None for a new one. */
  template: Template | null;
  key: string;
}

/** Templates and phrases: everybody his own, the manager those of the county and of departments. */
@customElement('templates-page')
export class TemplatesPage extends AppElement {
  @state() private tab: 'templates' | 'phrases' = 'templates';
  @state() private templates: readonly Template[] | null = null;
  @state() private opened: Opened | null = null;
  @state() private complaint = '';
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    pageTable,
    css`
      .page {
        display: grid;
        gap: 14px;
        max-width: 1400px;
        margin: 0 auto;
        padding: 16px;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: 6px 16px;
        align-items: baseline;
      }
      .top p {
        color: var(--muted);
      }
      h1 {
        font-size: 18px;
      }
      .tabs {
        display: flex;
        gap: 4px;
      }
      .tabs button[aria-selected='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
      }
      input[type='file'] {
        display: none;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <div class="top"><h1>${t('tpl.title')}</h1><p>${t('tplpage.lead')}</p></div>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.opened === null ? this.#lists() : this.#form(this.opened)}
      </div>`;
  }

  #lists(): TemplateResult {
    return html`<div class="tabs" role="tablist">
        ${(['templates', 'phrases'] as const).map(
          (tab) => html`<button role="tab" data-testid="tab-${tab}" aria-selected=${this.tab === tab} @click=${() => (this.tab = tab)}>
            ${t(`tplpage.${tab}`)}
          </button>`,
        )}
      </div>
      <section class="card">
        ${this.tab === 'templates' ? this.#table() : html`<phrase-table .keeper=${isKeeper()}></phrase-table>`}
      </section>`;
  }

  #table(): TemplateResult {
    if (this.templates === null) return html`<p class="empty">${t('app.loading')}</p>`;
    return html`<div class="tools">
        <button data-testid="template-new" @click=${() => (this.opened = { content: BLANK, template: null, key: '' })}>${t('tplpage.new')}</button>
        <label class="button">${t('tplpage.import')}<input type="file" accept="application/json" data-testid="template-import" @change=${this.#import} /></label>
      </div>
      <table>
        <thead>
          <tr><th>${t('tplpage.title')}</th><th>${t('tplpage.for')}</th><th>${t('tplpage.level')}</th><th>${t('tplpage.version')}</th><th></th></tr>
        </thead>
        <tbody>
          ${this.templates.map((template) => this.#row(template))}
        </tbody>
      </table>`;
  }

  #row(template: Template): TemplateResult {
    const { content, may_change } = template;
    const open = (): void => {
      this.complaint = '';
      this.opened = { content, template, key: template.key };
    };
    return html`<tr data-testid="template-row" data-key=${template.key}>
      <td>${content.title[language.value]}<br /><small class="muted">${template.key}</small></td>
      <td>${content.modalities.join(' ')}</td>
      <td>${levelName(template)}</td>
      <td class="num">${template.version}</td>
      <td class="acts">
        <button class="small quiet" data-testid="template-open" @click=${open}>${t(may_change ? 'tplpage.edit' : 'tplpage.view')}</button>
        <button class="small quiet" data-testid="template-copy" @click=${() => void this.#copy(template)}>${t('tplpage.copy')}</button>
        <button class="small quiet" @click=${() => exportFile(template)}>${t('tplpage.export')}</button>
        ${may_change ? html`<button class="small quiet" @click=${() => void this.#withdraw(template)}>${t('tplpage.delete')}</button>` : nothing}
      </td>
    </tr>`;
  }

  #form(opened: Opened): TemplateResult {
    return html`<template-form
      .content=${opened.content}
      .readonly=${opened.template !== null && !opened.template.may_change}
      .complaint=${this.complaint}
      @save=${(event: CustomEvent<TemplateContent>) => void this.#save(opened, event.detail)}
      @leave=${() => (this.opened = null)}
    ></template-form>`;
  }

  async #save({ template, key }: Opened, content: TemplateContent): Promise<void> {
    try {
      if (template !== null) await templatesApi.changeTemplate(template.id, content, template.version);
      else {
        const place = await this.#place(t('tplpage.new.title'));
        if (place === null) return;
        await templatesApi.createTemplate({ ...place, content, ...(key === '' ? {} : { key }) });
      }
      this.opened = null;
      notify(t('tplpage.saved'), 'ok');
      await this.#load();
    } catch (error) {
      this.complaint = inWords(error);
    }
  }

  async #copy(template: Template): Promise<void> {
    const place = await this.#place(t('tplpage.copy'));
    if (place !== null) await this.#done(templatesApi.copyTemplate(template.id, place), 'tplpage.copied');
  }

  async #withdraw(template: Template): Promise<void> {
    if (await confirmed({ title: t('tplpage.delete.confirm'), text: template.content.title[language.value], danger: true }))
      await this.#done(templatesApi.withdrawTemplate(template.id), 'tplpage.deleted');
  }

  /** Where it is to be: asked of those who have a choice. */
  async #place(title: string): Promise<PlaceOrder | null> {
    if (!isKeeper()) return { level: 'own' };
    const answers = await ask({ title, fields: placeFields(true) });
    return answers === null ? null : placeOf(answers);
  }

  readonly #import = async (event: Event): Promise<void> => {
    const input = event.target as HTMLInputElement;
    const text = await input.files?.[0]?.text();
    input.value = '';
    if (text === undefined) return;
    try {
      const file = JSON.parse(text) as { format?: string; key?: string; content?: TemplateContent };
      if (file.format !== 'countyread-template-1' || file.content === undefined) throw new Error(file.format);
      this.opened = { content: { ...BLANK, ...file.content }, template: null, key: file.key ?? '' };
    } catch {
      notify(t('tplpage.bad_file'), 'danger');
    }
  };

  async #done(work: Promise<unknown>, words: 'tplpage.copied' | 'tplpage.deleted'): Promise<void> {
    try {
      await work;
      notify(t(words), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.templates = (await templatesApi.templates()).items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

function isKeeper(): boolean {
  return hasRole('manager', 'admin');
}

function exportFile({ key, version, content }: Template): void {
  const file = new Blob([JSON.stringify({ format: 'countyread-template-1', key, version, content }, null, 1)], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `template-${key}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
