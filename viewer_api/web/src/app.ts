import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { User } from './api/types.ts';
import { isLanguage, language, locale, setLanguage, t } from './i18n/index.ts';
import { preferences, type PreferenceServer } from './lib/preferences.ts';
import { go, links, route, type Route } from './router.ts';
import { openEarly } from './reading/early.ts';
import { unsentDrafts } from './reading/unsent.ts';
import { api, beforeLogOut, currentUser, restore, session } from './session.ts';
import { confirmed } from './ui/dialog.ts';
import { AppElement } from './ui/element.ts';
import { base, controls, surfaces } from './ui/styles.ts';
import { setTheme } from './ui/theme.ts';
import { startInbox } from './notices/inbox.ts';
import './notices/urgent-strip.ts';
import './pages/login.ts';
import './critical/critical-alarm.ts';
import './ui/app-header.ts';
import './ui/dialog-host.ts';
import './ui/notice-stack.ts';

const KEPT_WITH_THE_ACCOUNT: PreferenceServer = {
  load: async () => (await api.preferences()).items,
  save: (name, value) => api.keepPreference(name, value),
};

/** The application: decides which page is shown to whom. */
@customElement('county-reading')
export class CountyReading extends AppElement {
  @state() private started = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100vh;
        height: 100dvh;
      }
      /* Positioned, or what is placed absolutely in it makes the document as tall as all of it, with a second scrollbar. */
      main {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      @media print {
        :host {
          display: block;
          height: auto;
        }
        main {
          overflow: visible;
        }
        app-header,
        notice-stack {
          display: none;
        }
      }
      main:focus-visible {
        outline: none;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(session);
    this.watch(route);
    language.subscribe(() => this.#nameDocument());
    // Before all else that starts with a session: what a reader waits for goes first.
    session.subscribe(() => this.#hasten(route.value));
    session.subscribe((value) => this.#followAccount(value?.user ?? null));
    this.#nameDocument();
    startInbox();
    beforeLogOut(mayForgetDrafts);
    void restore().then(() => {
      this.started = true;
    });
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.started) return nothing;
    const user = session.value?.user ?? null;
    if (route.value.page === 'shared') {
      void import('./pages/shared.ts');
      return html`<main id="main" tabindex="-1"><shared-page .token=${route.value.token}></shared-page></main>
        <notice-stack></notice-stack>`;
    }
    if (route.value.page === 'wall') {
      void import('./pages/wall.ts');
      return html`<main id="main" tabindex="0"><wall-page .token=${route.value.token}></wall-page></main>`;
    }
    if (route.value.page === 'screen' && user !== null && links.allowed(user).includes('screen')) {
      void import('./pages/screen.ts');
      return html`<main id="main" tabindex="-1"><screen-page></screen-page></main><dialog-host></dialog-host><notice-stack></notice-stack>`;
    }
    const owes = (session.value?.duty ?? '') !== '' || session.value?.masked === true;
    const page = user === null ? html`<login-page></login-page>` : this.#page(user, route.value);
    return html`
      ${user === null ? nothing : html`<app-header .user=${user}></app-header>${owes ? nothing : html`${alarms(user)}<urgent-strip .user=${user}></urgent-strip>`}`}
      <main id="main" tabindex="-1">${page}</main>
      <dialog-host></dialog-host>
      <notice-stack></notice-stack>
    `;
  }

  protected override updated(): void {
    if (!this.started) return;
    const here = route.value;
    const user = session.value?.user ?? null;
    if (here.page === 'shared' || here.page === 'wall') return;
    if (user !== null && (session.value?.duty ?? '') !== '' && here.page !== 'account') return go(links.account, true);
    if (user === null && here.page !== 'login') go(links.login(location.hash), true);
    if (user !== null && here.page === 'login') go(safeBack(here.back) || links.home(user), true);
    if (user !== null && here.page === 'home') go(links.home(user), true);
  }

  #page(user: User, here: Route): TemplateResult | typeof nothing {
    if (!links.allowed(user).includes(here.page)) return this.#noPages(user, here);
    switch (here.page) {
      case 'worklist':
        void import('./pages/worklist.ts');
        return html`<worklist-page></worklist-page>`;
      case 'read':
        this.#hasten(here);
        return html`<reading-page .taskId=${here.task} .lookOnly=${here.lookOnly}></reading-page>`;
      case 'patients':
        void import('./pages/patients.ts');
        return html`<patients-page .patientId=${here.patient}></patients-page>`;
      case 'roster':
        void import('./pages/roster.ts');
        return html`<roster-page .week=${here.week}></roster-page>`;
      case 'critical':
        void import('./pages/critical.ts');
        return html`<critical-page .caseId=${here.case}></critical-page>`;
      case 'contacts':
        void import('./pages/contacts.ts');
        return html`<contacts-page></contacts-page>`;
      case 'order':
        void import('./pages/order.ts');
        return html`<order-page></order-page>`;
      case 'results':
        void import('./pages/results.ts');
        return html`<results-page></results-page>`;
      case 'referrals':
        void import('./pages/referrals.ts');
        return html`<referrals-page></referrals-page>`;
      case 'green':
        void import('./pages/green.ts');
        return html`<green-page></green-page>`;
      case 'consult':
        void import('./pages/consult.ts');
        return html`<consult-page .consultation=${here.consultation}></consult-page>`;
      case 'quarantine':
        void import('./pages/quarantine.ts');
        return html`<quarantine-page .objectId=${here.object}></quarantine-page>`;
      case 'clinic':
        void import('./pages/clinic.ts');
        return html`<clinic-page></clinic-page>`;
      case 'clinic-study':
        void import('./pages/clinic-study.ts');
        return html`<clinic-study-page .uid=${here.study}></clinic-study-page>`;
      case 'health':
        void import('./pages/health.ts');
        return html`<health-page></health-page>`;
      case 'quality':
        void import('./pages/quality.ts');
        return html`<quality-page></quality-page>`;
      case 'reviews':
        void import('./pages/reviews.ts');
        return html`<reviews-page></reviews-page>`;
      case 'templates':
        void import('./pages/templates.ts');
        return html`<templates-page></templates-page>`;
      case 'rules':
        void import('./pages/rules.ts');
        return html`<rules-page .kind=${here.kind}></rules-page>`;
      case 'hanging':
        void import('./pages/hanging.ts');
        return html`<hanging-page .study=${here.study}></hanging-page>`;
      case 'devices':
        void import('./pages/devices.ts');
        return html`<devices-page></devices-page>`;
      case 'notices':
        void import('./pages/notices.ts');
        return html`<notices-page .noticeId=${here.notice}></notices-page>`;
      case 'deliveries':
        void import('./pages/deliveries.ts');
        return html`<deliveries-page></deliveries-page>`;
      case 'account':
        void import('./pages/account.ts');
        return html`<account-page></account-page>`;
      case 'users':
        void import('./pages/users.ts');
        return html`<users-page></users-page>`;
      case 'keys':
        void import('./pages/keys.ts');
        return html`<keys-page></keys-page>`;
      case 'audit':
        void import('./pages/audit.ts');
        return html`<audit-page></audit-page>`;
      case 'emergencies':
        void import('./pages/emergencies.ts');
        return html`<emergencies-page></emergencies-page>`;
      case 'board':
        void import('./pages/board.ts');
        return html`<board-page></board-page>`;
      case 'indicators':
        void import('./pages/indicators.ts');
        return html`<indicators-page></indicators-page>`;
      case 'settlement':
        void import('./pages/settlement.ts');
        return html`<settlement-page></settlement-page>`;
      case 'statistics':
        void import('./pages/statistics.ts');
        return html`<statistics-page></statistics-page>`;
      case 'institutions':
        void import('./pages/institutions.ts');
        return html`<institutions-page></institutions-page>`;
      case 'upload':
        void import('./pages/upload.ts');
        return html`<upload-page></upload-page>`;
      default:
        return nothing;
    }
  }

  #hastened: Route | null = null;

  /** A case is asked for while its page comes; once for each time that it is gone to. */
  #hasten(here: Route): void {
    const isOpen = session.value !== null && (session.value.duty ?? '') === '';
    if (here.page !== 'read' || !isOpen || this.#hastened === here) return;
    this.#hastened = here;
    openEarly(here.task);
    void import('./pages/reading.ts');
  }

  #noPages(user: User, here: Route): TemplateResult | typeof nothing {
    if (here.page === 'login' || here.page === 'home') return nothing;
    return html`<div class="empty">
      <strong>${t('error.forbidden')}</strong>
      <a href=${links.home(user)}>${t('read.back')}</a>
    </div>`;
  }

  #nameDocument(): void {
    document.documentElement.lang = locale();
    document.title = t('app.name');
  }

  #lastUser = '';

  #followAccount(user: User | null): void {
    if (user !== null && user.username !== this.#lastUser) {
      const { language: wanted, theme } = user.preferences ?? {};
      if (isLanguage(wanted)) setLanguage(wanted);
      if (theme === 'light' || theme === 'dark') setTheme(theme);
    }
    this.#lastUser = user?.username ?? '';
    // Whoever has to choose a password first gets nothing else from the server until then.
    const isOpen = user !== null && (session.value?.duty ?? '') === '';
    void preferences.use(isOpen ? this.#lastUser : '', isOpen ? KEPT_WITH_THE_ACCOUNT : null);
  }
}

/** What could not be sent is lost with the log-out, and that is asked first. */
async function mayForgetDrafts(): Promise<boolean> {
  const { length: n } = unsentDrafts(currentUser()?.username ?? '');
  return n === 0 || confirmed({ title: t('unsent.logout'), text: t('unsent.logout.text', { n }), ok: t('app.logout'), danger: true });
}

/** Critical values, over every page of whoever can do something about them. */
function alarms(user: User): TemplateResult | typeof nothing {
  return links.allowed(user).includes('critical') ? html`<critical-alarm .user=${user}></critical-alarm>` : nothing;
}

function safeBack(back: string): string {
  return back.startsWith('#/') && !back.startsWith('#/login') ? back : '';
}
