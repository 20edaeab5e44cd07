import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';

import { ApiError } from '../api/problem.ts';
import { inWords } from '../i18n/errors.ts';
import { isLanguage, language, setLanguage, t, type Language } from '../i18n/index.ts';
import { perTab } from '../lib/storage.ts';
import { accounts, logIn, savePreference, takeSession } from '../session.ts';
import { go, links } from '../router.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const CHOSEN = 'countyread.language.chosen';

@customElement('login-page')
export class LoginPage extends AppElement {
  @state() private busy = false;
  @state() private problem = '';
  @state() private visible = false;
  @state() private caps = false;
  @state() private codeAsked = false;
  @state() private signOn = false;
  @query('input[name=code]') private code!: HTMLInputElement | null;
  @query('input[name=username]') private username!: HTMLInputElement;
  @query('input[name=password]') private password!: HTMLInputElement;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: grid;
        grid-template-rows: auto 1fr auto;
        min-height: 100%;
      }
      .top {
        display: flex;
        justify-content: flex-end;
        padding: 12px 16px;
      }
      .box {
        align-self: center;
        justify-self: center;
        width: min(380px, calc(100vw - 32px));
        margin-bottom: 8vh;
      }
      .brand {
        margin-bottom: 22px;
        text-align: center;
      }
      .brand svg {
        color: var(--accent);
      }
      h1 {
        margin-top: 6px;
        font-size: 26px;
        font-weight: 600;
        letter-spacing: 0.04em;
      }
      .brand p {
        margin-top: 2px;
        color: var(--muted);
      }
      form {
        display: grid;
        gap: 16px;
        padding: 24px;
        box-shadow: var(--shadow);
      }
      label {
        display: grid;
        gap: 5px;
        color: var(--muted);
        font-size: 13px;
      }
      input {
        width: 100%;
        min-height: 40px;
        color: var(--text);
        font-size: 15px;
      }
      .password {
        position: relative;
      }
      .password input {
        padding-right: 42px;
      }
      .password button {
        position: absolute;
        right: 3px;
        top: 3px;
      }
      button.primary {
        min-height: 42px;
        font-size: 15px;
      }
    `,
  ];

  override firstUpdated(): void {
    this.username.focus();
    accounts.methods().then(({ single_sign_on }) => (this.signOn = single_sign_on), () => undefined);
    void this.#comeBack();
  }

  /** What the identity provider's answer left behind the # of the address. */
  async #comeBack(): Promise<void> {
    const query = new URLSearchParams(location.hash.split('?')[1] ?? '');
    const ticket = query.get('ticket');
    if (query.get('sign_on') === 'failed') this.problem = t('error.sign_on_failed');
    if (ticket === null) return;
    const back = query.get('back') ?? '';
    go(links.login(back), true);
    try {
      takeSession(await accounts.exchange(ticket));
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  override render(): TemplateResult {
    return html`
      <div class="top">
        <button class="quiet" data-testid="lang-switch" title=${t('app.language.hint')} @click=${this.#switchLanguage}>
          ${t('app.language')}
        </button>
      </div>
      <div class="box">
        <div class="brand">
          ${icon('ecg', 44)}
          <h1>${t('app.name')}</h1>
          <p>${t('login.lead')}</p>
        </div>
        <form class="card" novalidate aria-label=${t('login.title')} @submit=${this.#submit} @keyup=${this.#keyup}>
          ${this.problem
            ? html`<p class="notice danger" role="alert">${icon('warning')}<span>${this.problem}</span></p>`
            : nothing}
          <label>
            ${t('login.username')}
            <input
              name="username"
              data-testid="login-username"
              autocomplete="username"
              autocapitalize="none"
              spellcheck="false"
            />
          </label>
          <label>
            ${t('login.password')}
            <span class="password">
              <input
                name="password"
                data-testid="login-password"
                type=${this.visible ? 'text' : 'password'}
                autocomplete="current-password"
              />
              <button
                type="button"
                class="quiet icon"
                aria-pressed=${this.visible}
                aria-label=${t(this.visible ? 'login.hide' : 'login.show')}
                @click=${() => (this.visible = !this.visible)}
              >
                ${icon('eye')}
              </button>
            </span>
            ${this.caps ? html`<span role="status">${t('login.caps')}</span>` : nothing}
          </label>
          ${this.codeAsked
            ? html`<label>
                ${t('login.code')}
                <input name="code" data-testid="login-code" autocomplete="one-time-code" inputmode="text" spellcheck="false" />
              </label>`
            : nothing}
          <button class="primary" data-testid="login-submit" ?disabled=${this.busy}>
            ${t(this.busy ? 'login.busy' : 'login.submit')}
          </button>
          ${this.signOn
            ? html`<a class="button" data-testid="login-sign-on" href="/api/v1/session/sign-on">${t('login.sign_on')}</a>`
            : nothing}
        </form>
      </div>
    `;
  }

  #switchLanguage(): void {
    const chosen: Language = language.value === 'zh' ? 'en' : 'zh';
    perTab.set(CHOSEN, chosen);
    setLanguage(chosen);
  }

  /** What was chosen on this page goes before what the account remembers. */
  #keepLanguage(): void {
    const chosen = perTab.get(CHOSEN);
    perTab.set(CHOSEN, null);
    if (!isLanguage(chosen)) return;
    setLanguage(chosen);
    void savePreference({ language: chosen });
  }

  #keyup(event: KeyboardEvent): void {
    this.caps = event.getModifierState?.('CapsLock') ?? false;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const [username, password] = [this.username.value.trim(), this.password.value];
    if (username === '' || password === '') {
      this.problem = t('login.missing');
      (username === '' ? this.username : this.password).focus();
      return;
    }
    await this.#try(username, password);
  }

  async #try(username: string, password: string): Promise<void> {
    this.busy = true;
    this.problem = '';
    try {
      await logIn(username, password, this.code?.value.trim() ?? '');
      this.#keepLanguage();
    } catch (error) {
      if (error instanceof ApiError && error.code === 'second_factor_needed') {
        this.codeAsked = true;
        await this.updateComplete;
        this.code?.focus();
        return;
      }
      const wrong = error instanceof ApiError && error.status === 401;
      this.problem = wrong ? t('login.wrong') : inWords(error);
      this.password.select();
    } finally {
      this.busy = false;
    }
  }
}
