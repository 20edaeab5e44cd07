import { css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Department, Level, Phrase, PhraseWords, PlaceOrder, StoredLevel } from '../api/templates-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { templatesApi } from '../session.ts';
import { ask, confirmed, type Answers, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { list } from './drafting.ts';
import { pageTable } from './table-styles.ts';

const MOST = 300;
const QUIET_MS = 150;

/** The phrases that a person may use, and those that he may change. */
@customElement('phrase-table')
export class PhraseTable extends AppElement {
  /** Whether the county's and the departments' phrases may be changed too. */
  @property({ type: Boolean }) keeper = false;
  @state() private found: readonly Phrase[] = [];
  @state() private error: unknown = null;
  #wanted = '';
  readonly #soon = debounce(() => void this.#load(), QUIET_MS);

  static override styles = [base, controls, surfaces, pageTable, css`.words { min-width: 320px; white-space: normal; }`];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="tools">
        <input
          type="search"
          data-testid="phrase-search"
          placeholder=${t('phrpage.search')}
          aria-label=${t('phrpage.search')}
          @input=${(event: Event) => {
            this.#wanted = (event.target as HTMLInputElement).value;
            this.#soon();
          }}
        />
        <button data-testid="phrase-add" @click=${() => void this.#add()}>${t('phrpage.add')}</button>
      </div>
      ${this.error === null ? '' : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      <table>
        <thead>
          <tr>
            <th>${t('phrpage.code')}</th><th>${t('phrpage.text')}</th><th>${t('phrpage.section')}</th><th>${t('tplpage.for')}</th>
            <th>${t('tplpage.level')}</th><th>${t('phrpage.uses')}</th><th></th>
          </tr>
        </thead>
        <tbody>
          ${this.found.map((phrase) => this.#row(phrase))}
        </tbody>
      </table>
      ${this.found.length === 0 ? html`<p class="empty">${t('phrpage.none')}</p>` : ''}`;
  }

  #row(phrase: Phrase): TemplateResult {
    return html`<tr data-testid="phrase-row">
      <td><code>${phrase.code}</code></td>
      <td class="words">${phrase.zh}<br /><small class="muted">${phrase.en}</small></td>
      <td>${t(`phrpage.section.${phrase.section || 'all'}`)}</td>
      <td>${[...phrase.modalities, ...phrase.body_parts].join(' ')}</td>
      <td>${levelName(phrase)}</td>
      <td class="num">${phrase.uses}</td>
      <td class="acts">
        ${phrase.may_change
          ? html`<button class="small quiet" @click=${() => void this.#change(phrase)}>${t('tplpage.edit')}</button>
              <button class="small quiet" @click=${() => void this.#delete(phrase)}>${t('tplpage.remove')}</button>`
          : html`<button class="small quiet" @click=${() => void this.#add(phrase)}>${t('tplpage.copy')}</button>`}
      </td>
    </tr>`;
  }

  async #add(from?: Phrase): Promise<void> {
    const answers = await ask({ title: t('phrpage.add'), fields: [...placeFields(this.keeper), ...fields(from)] });
    if (answers !== null) await this.#done(templatesApi.createPhrase({ ...placeOf(answers), ...wordsOf(answers) }), 'tplpage.saved');
  }

  async #change(phrase: Phrase): Promise<void> {
    const answers = await ask({ title: t('phrpage.change'), fields: fields(phrase) });
    if (answers !== null) await this.#done(templatesApi.changePhrase(phrase.id, wordsOf(answers)), 'tplpage.saved');
  }

  async #delete(phrase: Phrase): Promise<void> {
    const isSure = await confirmed({ title: t('phrpage.delete.confirm'), text: phrase.zh || phrase.en, danger: true });
    if (isSure) await this.#done(templatesApi.deletePhrase(phrase.id), 'tplpage.saved');
  }

  async #done(work: Promise<unknown>, words: 'tplpage.saved'): Promise<void> {
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
      this.found = (await templatesApi.phrases({ q: this.#wanted, limit: MOST })).items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

export function levelName({ level, department }: { level: Level; department: string }): string {
  const name = t(`tpl.level.${level}`);
  return level === 'department' ? `${name} · ${t(`tpl.department.${department as Department}`)}` : name;
}

const DEPARTMENTS = ['radiology', 'ultrasound', 'cardiography', 'other'] as const;

/** Where something new is to be: for most people their own. */
export function placeFields(keeper: boolean): Field[] {
  if (!keeper) return [];
  const departments = DEPARTMENTS.map((one) => ({ value: `department ${one}`, label: levelName({ level: 'department', department: one }) }));
  const choices = [{ value: 'county', label: t('tpl.level.county') }, ...departments, { value: 'own', label: t('tpl.level.own') }];
  return [{ name: 'place', label: t('tplpage.level'), kind: 'select', choices }];
}

export function placeOf(answers: Answers): PlaceOrder {
  const [level = 'own', department] = (answers['place'] ?? 'own').split(' ');
  return { level: level as StoredLevel, ...(department === undefined ? {} : { department: department as Department }) };
}

function fields(phrase?: Phrase): Field[] {
  const sections = (['', 'findings', 'impression'] as const).map((value) => ({ value, label: t(`phrpage.section.${value || 'all'}`) }));
  return [
    { name: 'code', label: t('phrpage.code'), kind: 'text', value: phrase?.code ?? '' },
    { name: 'zh', label: t('phrpage.text'), kind: 'textarea', value: phrase?.zh ?? '', required: true },
    { name: 'en', label: t('phrpage.text.en'), kind: 'text', value: phrase?.en ?? '' },
    { name: 'section', label: t('phrpage.section'), kind: 'select', choices: sections, value: phrase?.section ?? '' },
    { name: 'modalities', label: t('tplpage.modalities'), kind: 'text', value: phrase?.modalities.join(', ') ?? '' },
    { name: 'body_parts', label: t('tplpage.body_parts'), kind: 'text', value: phrase?.body_parts.join(', ') ?? '' },
  ];
}

function wordsOf(answers: Answers): PhraseWords {
  const { code = '', zh = '', en = '', section = '', modalities = '', body_parts = '' } = answers;
  return { code, zh, en, section: section as PhraseWords['section'], modalities: list(modalities), body_parts: list(body_parts) };
}
