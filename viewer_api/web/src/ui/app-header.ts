import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { User } from '../api/types.ts';
import { language, localName, setLanguage, t } from '../i18n/index.ts';
import { links, route } from '../router.ts';
import { logOut, savePreference, session } from '../session.ts';
import { AppElement } from './element.ts';
import { icon } from './icons.ts';
import '../notices/notice-bell.ts';
import { menuOf, type MenuLink } from './menu.ts';
import './nav-menu.ts';
import { base, controls } from './styles.ts';
import { setTheme, theme } from './theme.ts';

const NARROW = '(max-width: 720px)';

@customElement('app-header')
export class AppHeader extends AppElement {
  @property({ attribute: false }) user!: User;
  @state() private narrow = false;
  readonly #screen = matchMedia(NARROW);

  static override styles = [
    base,
    controls,
    css`
      :host {
        flex: none;
        background: var(--bar);
        color: var(--bar-text);
        border-bottom: 1px solid rgb(255 255 255 / 7%);
      }
      header {
        display: flex;
        align-items: center;
        gap: 6px;
        height: var(--bar-height);
        padding: 0 14px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 9px;
        margin-right: 18px;
        color: inherit;
        font-size: 16px;
        font-weight: 600;
        letter-spacing: 0.02em;
        white-space: nowrap;
      }
      .brand svg {
        color: #7fc4f0;
      }
      .brand:hover {
        text-decoration: none;
      }
      nav {
        display: flex;
        align-self: stretch;
        flex: 1 0 auto;
        gap: 2px;
      }
      nav a {
        display: flex;
        align-items: center;
        padding: 0 12px;
        border-bottom: 2px solid transparent;
        border-top: 2px solid transparent;
        color: var(--bar-muted);
        white-space: nowrap;
      }
      nav a:hover {
        color: var(--bar-text);
        text-decoration: none;
      }
      nav a[aria-current] {
        color: var(--bar-text);
        border-bottom-color: #7fc4f0;
      }
      .who {
        color: inherit;
        display: flex;
        flex-direction: column;
        min-width: 0;
        margin-right: 8px;
        line-height: 1.25;
        text-align: right;
        white-space: nowrap;
      }
      .who > * {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .who small {
        color: var(--bar-muted);
        font-size: 12px;
      }
      button {
        min-height: 32px;
        border-color: transparent;
        background: transparent;
        color: var(--bar-text);
      }
      button:hover:not(:disabled) {
        background: rgb(255 255 255 / 9%);
        border-color: transparent;
      }
      @media (max-width: 720px) {
        .who small,
        .wide {
          display: none;
        }
        .brand {
          margin-right: 4px;
          font-size: 15px;
        }
        header {
          padding: 0 8px;
        }
        button {
          padding: 0 8px;
        }
      }
      @media (max-width: 460px) {
        .who,
        .brand span {
          display: none;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(route);
    this.watch(theme);
  }

  override render(): TemplateResult {
    const dark = theme.value === 'dark';
    return html`<header>
      <a class="brand" href=${links.home(this.user)}>${icon('ecg', 22)}<span>${t('app.name')}</span></a>
      <nav aria-label=${t('app.nav')}>${this.#pages()}</nav>
      ${this.user.role === 'regulator' || (session.value?.duty ?? '') !== '' || session.value?.masked === true ? nothing : html`<notice-bell .user=${this.user}></notice-bell>`}
      <a class="who" href=${links.account} title=${t('app.account')} data-testid="account-link">
        <span>${this.user.name || this.user.username}</span>
        <small>${localName(this.user.institution_name, this.user.institution_name_en)} · ${t(`role.${this.user.role}`)}</small>
      </a>
      <button
        class="icon"
        aria-label=${t(dark ? 'app.theme.light' : 'app.theme.dark')}
        title=${t(dark ? 'app.theme.light' : 'app.theme.dark')}
        ?hidden=${route.value.page === 'read'}
        @click=${this.#toggleTheme}
      >
        ${icon(dark ? 'sun' : 'moon')}
      </button>
      <button data-testid="lang-switch" title=${t('app.language.hint')} @click=${this.#toggleLanguage}>
        ${t('app.language')}
      </button>
      <button data-testid="logout" @click=${logOut}>${t('app.logout')}</button>
    </header>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#screen.addEventListener('change', this.#measure);
    this.#measure();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#screen.removeEventListener('change', this.#measure);
  }

  #measure = (): void => {
    this.narrow = this.#screen.matches;
  };

  #pages(): TemplateResult | typeof nothing {
    const { direct, groups } = menuOf(this.user);
    if (direct.length + groups.length < 2) return nothing;
    if (this.narrow) {
      const all = [{ name: 'menu.daily' as const, links: direct }, ...groups];
      return html`<nav-menu label=${t('menu.all')} .groups=${all}></nav-menu>`;
    }
    return html`${direct.map((link) => this.#link(link))}
    ${groups.map((group) => html`<nav-menu label=${t(group.name)} .groups=${[group]}></nav-menu>`)}`;
  }

  #link(link: MenuLink): TemplateResult {
    const current = route.value.page === link.page;
    return html`<a href="#/${link.page}" aria-current=${current ? 'page' : nothing}>${t(link.name)}</a>`;
  }

  #toggleLanguage(): void {
    setLanguage(language.value === 'zh' ? 'en' : 'zh');
    void savePreference({ language: language.value });
  }

  #toggleTheme(): void {
    setTheme(theme.value === 'dark' ? 'light' : 'dark');
    void savePreference({ theme: theme.value });
  }
}
