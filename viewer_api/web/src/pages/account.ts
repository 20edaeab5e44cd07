import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { panelStyles } from '../account/panel-styles.ts';
import type { Account, Enrolment, OpenSession } from '../api/account-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { go, links } from '../router.ts';
import { accounts, currentUser, logOut, session, takeSession } from '../session.ts';
import { now } from '../ui/clock.ts';
import { confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** My account: password, second factor, where I am logged in. The first stop of who still owes one of them. */
@customElement('account-page')
export class AccountPage extends AppElement {
  @state() private account: Account | null = null;
  @state() private sessions: readonly OpenSession[] = [];
  @state() private enrolment: Enrolment | null = null;
  @state() private codes: readonly string[] = [];
  @state() private problem = '';

  static override styles = [base, controls, surfaces, tableStyles, panelStyles];

  constructor() {
    super();
    this.watch(now);
    this.watch(session);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const duty = session.value?.duty ?? '';
    return html`<div class="page narrow">
      <h1>${t('app.account')}</h1>
      ${duty === '' ? nothing : html`<p class="notice warning" role="alert" data-testid="duty">${t(`account.duty.${duty}`)}</p>`}
      ${this.problem === '' ? nothing : html`<p class="notice danger" role="alert" data-testid="account-problem">${this.problem}</p>`}
      ${this.account === null ? html`<p class="empty">${t('app.loading')}</p>` : this.#panels(this.account, duty)}
    </div>`;
  }

  #panels(account: Account, duty: string): TemplateResult {
    return html`${this.#codes()} ${account.method === 'oidc' || duty === 'second_factor' ? nothing : this.#password(account)}
    ${account.method === 'oidc' || duty === 'password' ? nothing : this.#factor(account)}
    ${duty === '' ? html`${this.#sessions()} ${this.#mask()}` : nothing}`;
  }

  #password(account: Account): TemplateResult {
    return html`<section class="card" data-testid="password">
      <header><h2>${t('account.password')}</h2></header>
      <div class="body">
        ${account.password_set_at === null ? nothing : html`<p class="muted">${t('account.password.set', { at: moment(account.password_set_at, now.value) })}</p>`}
        <form @submit=${this.#changePassword}>
          ${field('password', t('account.password.now'), 'password', 'current-password')}
          ${field('next', t('account.password.new'), 'password', 'new-password')}
          ${field('again', t('account.password.again'), 'password', 'new-password')}
          <p class="muted">${t('account.password.rules', { n: account.min_length })}</p>
          <div class="actions"><button class="primary">${t('account.password.change')}</button></div>
        </form>
      </div>
    </section>`;
  }

  #factor(account: Account): TemplateResult {
    const words = account.second_factor ? t('account.factor.on', { n: account.recovery_codes_left }) : t('account.factor.off');
    return html`<section class="card" data-testid="factor">
      <header><h2>${t('account.factor')}</h2></header>
      <div class="body">
        <p>${words}</p>
        ${this.enrolment !== null ? this.#scan(this.enrolment) : account.second_factor ? this.#change() : this.#begin()}
      </div>
    </section>`;
  }

  #begin(): TemplateResult {
    return html`<form @submit=${this.#beginFactor}>
      ${field('password', t('account.password.now'), 'password', 'current-password')}
      <div class="actions"><button class="primary" data-testid="factor-begin">${t('account.factor.begin')}</button></div>
    </form>`;
  }

  #scan(enrolment: Enrolment): TemplateResult {
    const picture = `data:image/svg+xml;utf8,${encodeURIComponent(enrolment.svg)}`;
    return html`<p>${t('account.factor.scan')}</p>
      <img class="qr" src=${picture} alt=${enrolment.uri} />
      <code class="secret" data-testid="factor-secret">${enrolment.secret}</code>
      <form @submit=${this.#confirmFactor}>
        ${field('code', t('account.factor.code'), 'text', 'one-time-code')}
        <div class="actions"><button class="primary" data-testid="factor-confirm">${t('account.factor.confirm')}</button></div>
      </form>`;
  }

  #change(): TemplateResult {
    return html`<form @submit=${this.#changeFactor}>
      ${field('password', t('account.password.now'), 'password', 'current-password')}
      ${field('code', t('login.code'), 'text', 'one-time-code')}
      <div class="actions">
        <button value="renew">${t('account.factor.renew')}</button>
        <button class="danger" value="remove">${t('account.factor.remove')}</button>
      </div>
    </form>`;
  }

  #codes(): TemplateResult | typeof nothing {
    if (this.codes.length === 0) return nothing;
    return html`<section class="card" data-testid="codes">
      <header><h2>${t('account.codes')}</h2></header>
      <div class="body">
        <p>${t('account.codes.text')}</p>
        <div class="codes">${this.codes.map((code) => html`<span>${code}</span>`)}</div>
        <div class="actions"><button class="primary" @click=${() => (this.codes = [])}>${t('account.codes.kept')}</button></div>
      </div>
    </section>`;
  }

  #sessions(): TemplateResult {
    return html`<section class="card" data-testid="sessions">
      <header>
        <h2>${t('account.sessions')}</h2>
        <button @click=${this.#endAll}>${t('account.sessions.end_all')}</button>
      </header>
      <table>
        <tbody>
          ${this.sessions.map(
            (one) => html`<tr>
              <td>${browserName(one.agent)}${one.current ? html` <b>· ${t('account.sessions.this')}</b>` : nothing}<small>${one.address} · ${word('account.method', one.method)}</small></td>
              <td class="num">
                ${t('account.sessions.since', { at: moment(one.created_at, now.value) })}
                <small>${t('account.sessions.active', { at: moment(one.last_active_at ?? one.created_at, now.value) })}</small>
              </td>
              <td class="right">${one.current ? nothing : html`<button class="small" @click=${() => this.#end(one)}>${t('account.sessions.end')}</button>`}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  #mask(): TemplateResult | typeof nothing {
    const current = session.value;
    if (current === null || current.masked || ['regulator', 'consultant'].includes(current.user.role)) return nothing;
    return html`<section class="card">
      <header><h2>${t('account.mask')}</h2></header>
      <div class="body">
        <p class="muted">${t('account.mask.text')}</p>
        <div class="actions"><button data-testid="mask" @click=${this.#hide}>${t('account.mask')}</button></div>
      </div>
    </section>`;
  }

  async #load(): Promise<void> {
    await this.#try(async () => {
      this.account = await accounts.account();
      if ((session.value?.duty ?? '') === '') this.sessions = (await accounts.sessions()).items;
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

  #changePassword(event: SubmitEvent): void {
    const { form, values } = opened(event);
    if (values['next'] !== values['again']) {
      this.problem = t('account.password.differs');
      return;
    }
    const isDue = (session.value?.duty ?? '') === 'password';
    void this.#try(async () => {
      takeSession(await accounts.changePassword(values['password'] ?? '', values['next'] ?? ''));
      form.reset();
      notify(t('account.password.changed'), 'ok');
      const user = currentUser();
      if (isDue && user !== null && session.value?.duty === '') go(links.home(user));
      else await this.#load();
    });
  }

  #beginFactor(event: SubmitEvent): void {
    const { form, values } = opened(event);
    void this.#try(async () => {
      this.enrolment = await accounts.beginSecondFactor(values['password'] ?? '');
      form.reset();
    });
  }

  #confirmFactor(event: SubmitEvent): void {
    const { values } = opened(event);
    void this.#try(async () => {
      const done = await accounts.confirmSecondFactor((values['code'] ?? '').trim());
      takeSession(done.session);
      this.codes = done.recovery_codes;
      this.enrolment = null;
      notify(t('account.factor.done'), 'ok');
      await this.#load();
    });
  }

  #changeFactor(event: SubmitEvent): void {
    const { form, values } = opened(event);
    const [password, code] = [values['password'] ?? '', (values['code'] ?? '').trim()];
    const removes = (event.submitter as HTMLButtonElement | null)?.value === 'remove';
    void this.#try(async () => {
      if (removes) takeSession(await accounts.removeSecondFactor(password, code));
      else this.codes = (await accounts.renewRecoveryCodes(password, code)).recovery_codes;
      form.reset();
      await this.#load();
    });
  }

  #end(one: OpenSession): void {
    void this.#try(async () => {
      await accounts.endSession(one.id);
      await this.#load();
    });
  }

  async #endAll(): Promise<void> {
    if (!(await confirmed({ title: t('account.sessions.end_all'), danger: true }))) return;
    await accounts.endAllSessions().catch(() => undefined);
    await logOut();
  }

  #hide(): void {
    void this.#try(async () => takeSession(await accounts.mask()));
  }
}

function field(name: string, label: string, type: string, autocomplete: 'current-password' | 'new-password' | 'one-time-code'): TemplateResult {
  return html`<label>${label}<input name=${name} type=${type} autocomplete=${autocomplete} required /></label>`;
}

function opened(event: SubmitEvent): { form: HTMLFormElement; values: Readonly<Record<string, string>> } {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  return { form, values: Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])) };
}

/** What people call the program that names itself so. */
export function browserName(agent: string): string {
  const known = [['Edg/', 'Edge'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const;
  const found = known.find(([mark]) => agent.includes(mark));
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0] ?? '';
  return found === undefined ? agent.split(' ')[0] || '—' : [found[1], system].filter((part) => part !== '').join(' · ');
}
