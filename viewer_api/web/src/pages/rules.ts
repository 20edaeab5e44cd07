import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { ApiError } from '../api/problem.ts';
import type { Chapter, ChapterLine, Content, Edition, RulesPreview } from '../api/rules-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { rulesApi } from '../session.ts';
import { confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../rules/calendar-editor.ts';
import '../rules/edition-list.ts';
import '../rules/effect-table.ts';
import { FORMS } from '../rules/form-spec.ts';
import '../rules/form-editor.ts';
import '../rules/json-editor.ts';
import '../rules/service-times-editor.ts';
import '../ui/connection-banner.ts';

/** The county's rules for those who run the centre: what is in force, since when, by whom, and the next edition. */
@customElement('rules-page')
export class RulesPage extends AppElement {
  @property() kind = '';
  @state() private lines: readonly ChapterLine[] = [];
  @state() private chapter: Chapter | null = null;
  @state() private draft: Content | null = null;
  @state() private asJson = false;
  @state() private preview: RulesPreview | null = null;
  @state() private fault: unknown = null;
  @state() private note = '';
  @state() private from = '';
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: 232px minmax(0, 1fr);
        gap: 16px;
        max-width: 1480px;
        margin: 0 auto;
        padding: 16px;
      }
      nav {
        position: sticky;
        top: 16px;
        align-self: start;
      }
      nav a {
        display: block;
        padding: 10px 14px;
        border-left: 3px solid transparent;
        color: var(--text);
      }
      nav a:hover {
        background: var(--hover);
        text-decoration: none;
      }
      nav a[aria-current] {
        border-color: var(--accent);
        background: var(--accent-soft);
        font-weight: 600;
      }
      nav small {
        display: block;
        color: var(--muted);
        font-weight: 400;
      }
      .chapter {
        display: grid;
        gap: 16px;
        align-content: start;
        min-width: 0;
      }
      .body {
        display: grid;
        gap: 16px;
        padding: 16px;
        min-width: 0;
      }
      .card > header p {
        flex: 1;
        color: var(--muted);
      }
      .publish {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: end;
        padding: 12px 16px;
        border-top: 1px solid var(--line);
      }
      .publish label {
        display: grid;
        gap: 4px;
        color: var(--muted);
        font-size: 13px;
      }
      .publish label.note {
        flex: 1;
        min-width: 220px;
      }
      @media (width <= 900px) {
        .page {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list();
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('kind') && this.chapter?.kind !== this.#kind) void this.#show();
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <nav class="card" aria-label=${t('rules.chapters')}>${this.lines.map((line) => this.#line(line))}</nav>
        <div class="chapter">
          ${this.chapter === null
            ? html`<p class="empty">${this.fault === null ? t('app.loading') : inWords(this.fault)}</p>`
            : this.#content(this.chapter)}
        </div>
      </div>`;
  }

  #line(line: ChapterLine): TemplateResult {
    const since = line.version === 0 ? t('rules.shipped') : t('rules.in_force', { version: line.version });
    return html`<a
      href=${links.rules(line.kind)}
      data-testid=${`chapter-${line.kind}`}
      aria-current=${line.kind === this.#kind ? 'page' : nothing}
      >${word('rules.kind', line.kind)}<small
        >${since}${line.next_from === null ? nothing : html`<br />${t('rules.next', { at: fullMoment(line.next_from) })}`}</small
      ></a
    >`;
  }

  #content(chapter: Chapter): TemplateResult {
    const hasEditor = chapter.kind === 'service_times' || chapter.kind === 'calendar' || chapter.kind in FORMS;
    return html`<section class="card">
        <header>
          <h2>${word('rules.kind', chapter.kind)}</h2>
          <p>${word('rules.about', chapter.kind)}</p>
          ${chapter.kind === 'hanging' ? html`<a class="button" href=${links.hanging()} data-testid="own-form">${t('rules.own_form')}</a>` : nothing}
          ${hasEditor
            ? html`<button class="small quiet" data-testid="as-json" @click=${() => (this.asJson = !this.asJson)}>
                ${t(this.asJson ? 'rules.as_form' : 'rules.as_json')}
              </button>`
            : nothing}
        </header>
        <div class="body" @change=${this.#edited}>
          ${this.#editor(chapter.kind)}
          ${this.fault === null ? nothing : html`<p class="notice danger" role="alert" data-testid="fault">${faultInWords(this.fault)}</p>`}
          ${this.preview === null ? nothing : html`<effect-table .preview=${this.preview}></effect-table>`}
        </div>
        ${this.#publishing()}
      </section>
      <edition-list
        .editions=${chapter.editions}
        @use=${(event: CustomEvent<Edition>) => this.#startFrom(event.detail)}
      ></edition-list>`;
  }

  #editor(kind: string): TemplateResult {
    const form = FORMS[kind];
    if (!this.asJson && form !== undefined) return html`<form-editor .spec=${form} .content=${this.draft ?? {}}></form-editor>`;
    if (this.asJson || (kind !== 'service_times' && kind !== 'calendar')) {
      return html`<json-editor .content=${this.draft}></json-editor>`;
    }
    return kind === 'service_times'
      ? html`<service-times-editor .content=${this.draft ?? {}}></service-times-editor>`
      : html`<calendar-editor .content=${this.draft ?? {}}></calendar-editor>`;
  }

  #publishing(): TemplateResult {
    const ready = this.draft !== null && !this.busy;
    return html`<div class="publish">
      <label class="note"
        >${t('rules.note')}
        <input data-testid="note" maxlength="500" .value=${this.note} @input=${this.#typed('note')} />
      </label>
      <label
        >${t('rules.from')}
        <input type="datetime-local" data-testid="from" .value=${this.from} @input=${this.#typed('from')} />
      </label>
      <button data-testid="preview" ?disabled=${!ready} @click=${this.#look}>${t('rules.preview')}</button>
      <button
        class="primary"
        data-testid="publish"
        ?disabled=${!ready || this.note.trim() === ''}
        @click=${this.#publish}
      >
        ${t('rules.publish')}
      </button>
    </div>`;
  }

  get #kind(): string {
    return this.kind === '' ? (this.lines[0]?.kind ?? '') : this.kind;
  }

  #typed(name: 'note' | 'from'): (event: Event) => void {
    return (event) => (this[name] = (event.target as HTMLInputElement).value);
  }

  #edited = (event: Event): void => {
    if (!(event instanceof CustomEvent)) return;
    this.draft = event.detail as Content | null;
    this.preview = null;
    this.fault = null;
  };

  #start(content: Content): void {
    this.draft = content;
    this.preview = null;
    this.fault = null;
  }

  #startFrom(edition: Edition): void {
    this.#start(edition.content);
    this.shadowRoot?.querySelector('.chapter')?.scrollIntoView({ block: 'start' });
  }

  async #list(): Promise<void> {
    try {
      this.lines = (await rulesApi.rules()).items;
      if (this.chapter === null && this.kind === '') await this.#show();
    } catch (error) {
      this.fault = error;
    }
  }

  /** The chapter as it is now. Another one is not edited before it is there, and what is typed meanwhile stays. */
  async #show(): Promise<void> {
    const kind = this.#kind;
    if (kind === '') return;
    this.fault = null;
    if (this.chapter?.kind !== kind) this.#close();
    const { draft } = this;
    try {
      const chapter = await rulesApi.chapter(kind);
      if (kind !== this.#kind) return;
      this.chapter = chapter;
      if (this.draft === draft) this.#start((chapter.editions.find((one) => one.state === 'in_force') ?? chapter.editions[0]!).content);
    } catch (error) {
      if (kind === this.#kind) this.fault = error;
    }
  }

  #close(): void {
    this.chapter = null;
    this.draft = null;
    this.preview = null;
    this.asJson = false;
    this.note = this.from = '';
  }

  #look = (): Promise<void> =>
    this.#ask(async (kind, content) => {
      this.preview = await rulesApi.previewRules(kind, content);
    });

  #publish = (): Promise<void> =>
    this.#ask(async (kind, content) => {
      const when = this.from === '' ? t('rules.now') : fullMoment(new Date(this.from).toISOString());
      const text = t('rules.publish.text', { when });
      if (!(await confirmed({ title: t('rules.publish.title', { chapter: word('rules.kind', kind) }), text }))) return;
      const from = this.from === '' ? {} : { effective_from: new Date(this.from).toISOString() };
      const made = await rulesApi.publishRules(kind, { content, note: this.note.trim(), ...from });
      this.note = this.from = '';
      notify(t('rules.published', { version: made.version }), 'ok');
      await Promise.all([this.#list(), this.#show()]);
    });

  async #ask(send: (kind: string, content: Content) => Promise<void>): Promise<void> {
    if (this.draft === null) return;
    this.busy = true;
    this.fault = null;
    try {
      await send(this.#kind, this.draft);
    } catch (error) {
      this.preview = null;
      this.fault = error;
    } finally {
      this.busy = false;
    }
  }
}

/** The fields that are wrong, as the server names them, or the refusal in words. */
function faultInWords(error: unknown): string {
  if (!(error instanceof ApiError) || error.errors.length === 0) {
    return error instanceof ApiError && error.code === 'invalid' && error.detail !== '' ? error.detail : inWords(error);
  }
  return error.errors.map(({ field, message }) => t('rules.fault', { field, message })).join(' ');
}
