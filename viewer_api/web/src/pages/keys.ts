import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { panelStyles } from '../account/panel-styles.ts';
import { showSecret } from '../account/show-secret.ts';
import { SCOPES, type ApiKey, type InstitutionChoice } from '../api/account-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { accounts } from '../session.ts';
import { now } from '../ui/clock.ts';
import { confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** Keys of machines: made, rotated, ended. */
@customElement('keys-page')
export class KeysPage extends AppElement {
  @state() private keys: readonly ApiKey[] | null = null;
  @state() private places: readonly InstitutionChoice[] = [];
  @state() private problem = '';
  @state() private adding = false;

  static override styles = [base, controls, surfaces, tableStyles, panelStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="top">
        <h1>${t('keys.title')}</h1>
        <p>${t('keys.lead')}</p>
        <button class="primary" data-testid="key-add" @click=${() => (this.adding = !this.adding)}>${t('keys.add')}</button>
      </div>
      ${this.problem === '' ? nothing : html`<p class="notice danger" role="alert">${this.problem}</p>`}
      ${this.adding ? this.#form() : nothing}
      ${this.keys === null ? html`<p class="empty">${t('app.loading')}</p>` : this.#table(this.keys)}
    </div>`;
  }

  #form(): TemplateResult {
    const places = this.places.filter(({ kind }) => kind !== 'upper');
    return html`<section class="card"><div class="body">
      <form @submit=${this.#create}>
        <label>${t('keys.name')}<input name="name" required maxlength="64" /></label>
        <label>${t('users.institution')}
          <select name="institution">${places.map((one) => html`<option value=${one.code}>${localName(one.name, one.name_en)}</option>`)}</select>
        </label>
        <div>
          <span class="muted">${t('keys.scopes')}</span>
          ${SCOPES.map((scope) => html`<div><input type="checkbox" name="scope" value=${scope} aria-label=${t(`keys.scope.${scope}`)} /> <span>${t(`keys.scope.${scope}`)} <code>${scope}</code></span></div>`)}
        </div>
        <label>${t('keys.days')}<input name="days" type="number" min="1" max="3650" /></label>
        <div class="actions"><button class="primary" data-testid="key-create">${t('keys.add')}</button></div>
      </form>
    </div></section>`;
  }

  #table(keys: readonly ApiKey[]): TemplateResult {
    if (keys.length === 0) return html`<p class="empty">${t('keys.none')}</p>`;
    const heads = ['keys.name', 'users.institution', 'keys.scopes', 'keys.expires', 'keys.used'] as const;
    return html`<section class="card">
      <table>
        <thead><tr>${heads.map((head) => html`<th scope="col">${t(head)}</th>`)}<th></th></tr></thead>
        <tbody>${keys.map((key) => this.#row(key))}</tbody>
      </table>
    </section>`;
  }

  #row(key: ApiKey): TemplateResult {
    return html`<tr class=${key.live ? '' : 'off'} data-testid="key">
      <td><b>${key.name}</b><small>crk_${key.prefix}…</small></td>
      <td>${localName(key.institution_name, key.institution_name_en)}</td>
      <td>${key.scopes.map((scope) => html`<small>${t(`keys.scope.${scope}`)}</small>`)}</td>
      <td class="num">${key.live ? moment(key.expires_at, now.value) : t('keys.ended')}</td>
      <td class="num">${key.last_used_at === null ? t('keys.never') : moment(key.last_used_at, now.value)}<small>${key.last_used_address}</small></td>
      <td class="right">
        ${key.live
          ? html`<button class="small" @click=${() => void this.#rotate(key)}>${t('keys.rotate')}</button>
              <button class="small danger" @click=${() => void this.#revoke(key)}>${t('keys.revoke')}</button>`
          : nothing}
      </td>
    </tr>`;
  }

  async #load(): Promise<void> {
    await this.#try(async () => {
      const [keys, users] = await Promise.all([accounts.keys(), accounts.users()]);
      this.keys = keys.items;
      this.places = users.institutions;
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      this.problem = '';
      await work();
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  #create(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const chosen = data.getAll('scope');
    const scopes = SCOPES.filter((one) => chosen.includes(one));
    const days = String(data.get('days') ?? '');
    if (scopes.length === 0) {
      this.problem = t('keys.scopes.missing');
      return;
    }
    void this.#try(async () => {
      const body = { name: String(data.get('name')), institution: String(data.get('institution')), scopes, days: days === '' ? null : Number(days) };
      const made = await accounts.createKey(body);
      this.adding = false;
      await this.#load();
      await showSecret(t('keys.secret'), made.key.name, made.secret);
    });
  }

  async #rotate(key: ApiKey): Promise<void> {
    if (!(await confirmed({ title: `${t('keys.rotate')}: ${key.name}`, text: t('keys.rotate.text'), ok: t('keys.rotate') }))) return;
    await this.#try(async () => {
      const made = await accounts.rotateKey(key.id);
      await this.#load();
      await showSecret(t('keys.secret'), key.name, made.secret);
    });
  }

  async #revoke(key: ApiKey): Promise<void> {
    const question = { title: `${t('keys.revoke')}: ${key.name}`, text: t('keys.revoke.text'), ok: t('keys.revoke'), danger: true };
    if (!(await confirmed(question))) return;
    await this.#try(async () => {
      await accounts.revokeKey(key.id);
      notify(t('keys.revoked'), 'ok');
      await this.#load();
    });
  }
}
