import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Contact } from '../api/notices-types.ts';
import type { Content } from '../api/rules-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { links } from '../router.ts';
import { FORMS, type FormSpec } from '../rules/form-spec.ts';
import { record } from '../rules/service-times.ts';
import { noticesApi, rulesApi } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../rules/form-editor.ts';

const CHAPTER = 'critical_values';

/** Telephones of clinics and posts, which the ladder of critical values calls, and where each person is reached. */
@customElement('contacts-page')
export class ContactsPage extends AppElement {
  @state() private people: readonly Contact[] | null = null;
  @state() private rules: Content | null = null;
  @state() private changed = false;
  @state() private search = '';
  @state() private error: unknown = null;
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        max-width: 1320px;
        margin: 0 auto;
        padding: 16px;
      }
      .card > header p {
        flex: 1;
        color: var(--muted);
      }
      .body {
        padding: 16px;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 6px 16px;
        border-top: 1px solid var(--line);
        text-align: left;
        white-space: nowrap;
      }
      th {
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
      }
      .none {
        color: var(--late);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <h1 class="sr-only">${t('app.contacts')}</h1>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.rules === null ? nothing : this.#posts(this.rules)} ${this.people === null ? nothing : this.#persons(this.people)}
    </div>`;
  }

  #posts(rules: Content): TemplateResult {
    return html`<section class="card">
      <header>
        <h2>${t('contacts.posts')}</h2>
        <p>${t('contacts.posts.text')} <a href=${links.roster()}>${t('contacts.duty')}</a></p>
        <button class="primary" data-testid="contacts-save" ?disabled=${!this.changed || this.busy} @click=${this.#save}>${t('contacts.save')}</button>
      </header>
      <div
        class="body"
        @change=${(event: Event) => {
          if (!(event instanceof CustomEvent)) return;
          this.rules = event.detail as Content;
          this.changed = true;
        }}
      >
        <form-editor .spec=${POSTS} .content=${rules}></form-editor>
      </div>
    </section>`;
  }

  #persons(people: readonly Contact[]): TemplateResult {
    const wanted = this.search.toLowerCase();
    const shown = people.filter((one) => [one.username, one.name, one.institution, one.institution_name].some((text) => text.toLowerCase().includes(wanted)));
    return html`<section class="card">
      <header>
        <h2>${t('contacts.people')}</h2>
        <p>${t('contacts.people.text')}</p>
        <input
          type="search"
          data-testid="contacts-search"
          placeholder=${t('contacts.search')}
          aria-label=${t('contacts.search')}
          @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value.trim())}
        />
      </header>
      <div class="scroll">
        <table data-testid="contacts">
          <thead>
            <tr>
              <th>${t('contacts.name')}</th>
              <th>${t('contacts.role')}</th>
              <th>${t('contacts.institution')}</th>
              <th>${t('wishes.mobile')}</th>
              <th>${t('wishes.email')}</th>
              <th><span class="sr-only">${t('contacts.change')}</span></th>
            </tr>
          </thead>
          <tbody>
            ${shown.map(
              (one) =>
                html`<tr data-username=${one.username}>
                  <td>${one.name || one.username} <span class="muted">${one.username}</span></td>
                  <td>${word('role', one.role)}</td>
                  <td>${one.institution_name} <span class="muted">${one.institution}</span></td>
                  <td class="num ${one.mobile === '' ? 'none' : ''}">${one.mobile || t('contacts.none')}</td>
                  <td class=${one.email === '' ? 'none' : ''}>${one.email || t('contacts.none')}</td>
                  <td><button class="small" data-testid="contact-change" @click=${() => this.#change(one)}>${t('contacts.change')}</button></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  async #load(): Promise<void> {
    try {
      const [{ items }, chapter] = await Promise.all([noticesApi.contacts(), rulesApi.chapter(CHAPTER)]);
      this.people = items;
      const inForce = chapter.editions.find((one) => one.state === 'in_force') ?? chapter.editions[0]!;
      this.rules = withEveryClinic(inForce.content, items);
      this.changed = false;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #change(one: Contact): Promise<void> {
    const answers = await ask({
      title: one.name || one.username,
      fields: [
        { name: 'mobile', label: t('wishes.mobile'), kind: 'text', value: one.mobile },
        { name: 'email', label: t('wishes.email'), kind: 'text', value: one.email },
      ],
    });
    if (answers === null) return;
    try {
      const kept = await noticesApi.changeContact(one.username, answers['email'] ?? '', answers['mobile'] ?? '');
      this.people = (this.people ?? []).map((other) => (other.username === kept.username ? kept : other));
      notify(t('contacts.saved'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  #save = async (): Promise<void> => {
    if (this.rules === null) return;
    this.busy = true;
    try {
      const made = await rulesApi.publishRules(CHAPTER, { content: withoutEmpty(this.rules), note: t('contacts.note') });
      notify(t('rules.published', { version: made.version }), 'ok');
      await this.#load();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  };
}

const POSTS: FormSpec = {
  groups: [],
  tables: FORMS[CHAPTER]!.tables.filter(({ keyed }) => keyed !== undefined),
};

/** A line for each clinic that has people, also where nothing is known of it. */
function withEveryClinic(content: Content, people: readonly Contact[]): Content {
  const codes = people.filter(({ role }) => role === 'clinic').map(({ institution }) => institution);
  const empty = Object.fromEntries([...new Set(codes)].sort().map((code) => [code, {}]));
  return { ...content, clinic_heads: { ...empty, ...record(content['clinic_heads']) } };
}

function withoutEmpty(content: Content): Content {
  const told = Object.entries(record(content['clinic_heads'])).filter(([, head]) => Object.keys(record(head)).length > 0);
  return { ...content, clinic_heads: Object.fromEntries(told) };
}
