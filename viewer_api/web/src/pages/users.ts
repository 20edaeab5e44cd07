import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { panelStyles } from '../account/panel-styles.ts';
import { showSecret } from '../account/show-secret.ts';
import type { AccountHelp, AccountLine, AccountList, AccountOrder } from '../api/account-types.ts';
import type { Role } from '../api/types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { accounts, hasRole } from '../session.ts';
import { now } from '../ui/clock.ts';
import { ask, type Answers, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { fillIn } from '../ui/fill-in.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const ROLES = ['clinic', 'radiologist', 'auditor', 'consultant', 'regulator', 'manager', 'admin'] as const;
const RUN_THE_CENTRE: ReadonlySet<string> = new Set(['manager', 'admin']);

/** For those who run the centre: who may log in, with what rights, and help for who cannot. */
@customElement('users-page')
export class UsersPage extends AppElement {
  @state() private list: AccountList | null = null;
  @state() private wanted = '';
  @state() private error: unknown = null;

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
        <h1>${t('users.title')}</h1>
        <p></p>
        <input type="search" placeholder=${t('users.filter')} aria-label=${t('users.filter')} size="32" @input=${this.#filter} />
        <button class="primary" data-testid="user-add" ?disabled=${this.list === null} @click=${() => void this.#add()}>${t('users.add')}</button>
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.list === null ? html`<p class="empty">${t('app.loading')}</p>` : this.#table(this.list)}
    </div>`;
  }

  #table({ items }: AccountList): TemplateResult {
    const found = items.filter((one) => fits(one, this.wanted));
    if (found.length === 0) return html`<p class="empty">${t('users.none')}</p>`;
    const heads = ['who', 'role', 'institution', 'last', 'state'] as const;
    return html`<section class="card">
      <table>
        <thead>
          <tr>${heads.map((head) => html`<th scope="col">${t(`users.${head}`)}</th>`)}<th></th></tr>
        </thead>
        <tbody>${found.map((one) => this.#row(one))}</tbody>
      </table>
    </section>`;
  }

  #row(one: AccountLine): TemplateResult {
    return html`<tr class=${one.active ? '' : 'off'} data-testid="user" data-username=${one.username}>
      <td><b>${one.name}</b><small>${one.username}${one.title === '' ? '' : ` · ${one.title}`}</small></td>
      <td>${t(`role.${one.role}`)}</td>
      <td>${localName(one.institution_name, one.institution_name_en)}</td>
      <td class="num">${one.last_login_at === null ? t('users.never') : moment(one.last_login_at, now.value)}<small>${one.sessions > 0 ? t('users.sessions', { n: one.sessions }) : ''}</small></td>
      <td>${states(one).map((words) => html`<small>${words}</small>`)}</td>
      <td class="right">
        ${one.may_change
          ? html`<button class="small" @click=${() => void this.#edit(one)}>${t('users.edit')}</button>
              <button class="small" data-testid="user-help" @click=${() => void this.#help(one)}>${t('users.more')}</button>`
          : nothing}
      </td>
    </tr>`;
  }

  #filter(event: InputEvent): void {
    this.wanted = (event.target as HTMLInputElement).value.trim().toLowerCase();
  }

  async #load(): Promise<void> {
    try {
      this.list = await accounts.users();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #add(): Promise<void> {
    const username: Field = { name: 'username', label: t('users.username'), kind: 'text', required: true };
    const fields = [username, ...this.#fields(null)];
    let made: { user: AccountLine; password: string } | null = null;
    const send = async (answers: Answers): Promise<void> => {
      made = await accounts.createUser({ username: answers['username'] ?? '', ...bodyOf(answers) });
    };
    if (!(await fillIn({ title: t('users.add'), fields, ok: t('users.add'), faults: () => '' }, send))) return;
    await this.#load();
    if (made !== null) await this.#handOver(made);
  }

  async #edit(one: AccountLine): Promise<void> {
    const title = `${t('users.edit')}: ${one.name}`;
    const send = (answers: Answers): Promise<unknown> => accounts.changeUser(one.username, bodyOf(answers));
    if (!(await fillIn({ title, fields: this.#fields(one), ok: t('users.edit'), faults: () => '' }, send))) return;
    notify(t('users.saved'), 'ok');
    await this.#load();
  }

  #fields(one: AccountLine | null): Field[] {
    const roles = ROLES.filter((role) => !RUN_THE_CENTRE.has(role) || hasRole('admin'));
    const places = (this.list?.institutions ?? []).map(({ code, name, name_en }) => ({ value: code, label: localName(name, name_en) }));
    return [
      { name: 'name', label: t('users.who'), kind: 'text', required: true, value: one?.name ?? '' },
      { name: 'title', label: t('users.job'), kind: 'text', value: one?.title ?? '' },
      { name: 'role', label: t('users.role'), kind: 'select', required: true, value: one?.role ?? 'clinic', choices: roles.map((value) => ({ value, label: t(`role.${value}`) })) },
      { name: 'institution', label: t('users.institution'), kind: 'select', required: true, value: one?.institution ?? '', choices: places },
      { name: 'modalities', label: t('users.modalities'), kind: 'text', value: one?.modalities?.join(' ') ?? '' },
    ];
  }

  async #help(one: AccountLine): Promise<void> {
    const steps = [
      { value: 'reset-password', label: t('users.reset_password') },
      ...(one.second_factor ? [{ value: 'reset-second-factor', label: t('users.reset_factor') }] : []),
      ...(one.locked_until === null ? [] : [{ value: 'unlock', label: t('users.unlock') }]),
      { value: 'end-sessions', label: t('users.end_sessions') },
      one.active ? { value: 'off', label: t('users.switch_off') } : { value: 'on', label: t('users.switch_on') },
    ];
    const what: Field = { name: 'step', label: t('users.help.what'), kind: 'select', required: true, choices: steps };
    const answers = await ask({ title: t('users.help', { name: one.name }), fields: [what], ok: t('app.ok') });
    if (answers === null) return;
    try {
      await this.#take(one, answers['step'] ?? '');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  async #take(one: AccountLine, step: string): Promise<void> {
    if (step === 'reset-password') return this.#handOver(await accounts.resetPassword(one.username));
    if (step === 'on' || step === 'off') await accounts.changeUser(one.username, { active: step === 'on' });
    else await accounts.helpUser(one.username, step as AccountHelp);
    notify(t('users.saved'), 'ok');
  }

  async #handOver({ user, password }: { user: AccountLine; password: string }): Promise<void> {
    await showSecret(t('users.first_password'), t('users.first_password.text', { name: user.name }), password);
  }
}

function bodyOf(answers: Answers): Omit<AccountOrder, 'username'> {
  const modalities = (answers['modalities'] ?? '').toUpperCase().split(/[\s,，、]+/).filter((one) => one !== '');
  return {
    name: answers['name'] ?? '',
    title: answers['title'] ?? '',
    role: answers['role'] as Role,
    institution: answers['institution'] ?? '',
    modalities: modalities.length === 0 ? null : modalities,
  };
}

function fits(one: AccountLine, wanted: string): boolean {
  const words = [one.username, one.name, one.institution, one.institution_name, one.institution_name_en];
  return words.some((text) => text.toLowerCase().includes(wanted));
}

function states(one: AccountLine): string[] {
  return [
    one.active ? '' : t('users.off'),
    one.locked_until !== null && Date.parse(one.locked_until) > now.value ? t('users.locked', { at: moment(one.locked_until, now.value) }) : '',
    one.must_change_password ? t('users.must_change') : '',
    one.second_factor ? t('users.factor') : '',
    one.single_sign_on ? t('users.sso') : '',
  ].filter((words) => words !== '');
}
