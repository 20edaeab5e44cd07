import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { ApiError } from '../api/problem.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { serverNow } from '../lib/server-time.ts';
import type { Checked, Earlier, Order, OrderRules } from '../orders/orders-api.ts';
import { checkOf, draftOf, emptyDraft, missingFields, wordsOf, type OrderDraft } from '../orders/order-words.ts';
import { currentUser, hasRole, orders } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../orders/order-checks.ts';
import '../orders/order-form.ts';
import '../orders/order-list.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 15_000;
const TYPING_MS = 300;

/** Ordering an examination: the patient, what is to be done, what has been done already; and the orders that there are. */
@customElement('order-page')
export class OrderPage extends AppElement {
  @state() private draft: OrderDraft | null = null;
  @state() private rules: OrderRules | null = null;
  @state() private items: readonly Order[] = [];
  @state() private checked: Checked | null = null;
  @state() private again = { code: '', text: '' };
  @state() private editing: Order | null = null;
  @state() private strict = false;
  @state() private busy = false;
  @state() private report = '';
  @state() private error: unknown = null;
  #text = '';
  readonly #search = debounce(() => void this.#load(), TYPING_MS);

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        max-width: 1060px;
        margin: 0 auto;
        padding: 16px;
      }
      header h2 {
        flex: 1;
      }
      order-checks,
      .said {
        padding: 0 16px 12px;
      }
      .notice {
        margin: 0 16px 12px;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        justify-content: flex-end;
        padding: 12px 16px;
        border-top: 1px solid var(--line);
      }
      footer button {
        min-height: 42px;
      }
      @media (max-width: 720px) {
        .page {
          padding: 8px;
        }
        footer button {
          flex: 1;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), EVERY_MS);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('app.order')}</h1>
        ${this.draft === null && this.error !== null ? this.#said(this.error) : nothing}
        ${this.draft === null || this.rules === null ? nothing : this.#form(this.draft, this.rules)} ${this.#orders()}
      </div>`;
  }

  #form(draft: OrderDraft, rules: OrderRules): TemplateResult {
    const editing = this.editing !== null;
    return html`<section class="card" data-testid="order-form">
      <header><h2>${t(editing ? 'orders.edit' : 'orders.new')}</h2></header>
      <order-form
        .draft=${draft}
        .rules=${rules}
        .strict=${this.strict}
        .choosesClinic=${!hasRole('clinic')}
        @draft=${(event: CustomEvent<OrderDraft>) => this.#typed(event.detail)}
      ></order-form>
      ${this.checked === null
        ? nothing
        : html`<order-checks
            .checked=${this.checked}
            .reasons=${rules.reasons}
            .again=${this.again}
            @repeat=${(event: CustomEvent<{ code: string; text: string }>) => (this.again = event.detail)}
            @recognise=${(event: CustomEvent<Earlier>) => void this.#recognise(event.detail)}
          ></order-checks>`}
      ${this.report === ''
        ? nothing
        : html`<p class="said" role="status">
            ${t('orders.recognised')} <a href=${this.report} target="_blank" rel="noopener" data-testid="recognised-report">${t('orders.recognised.report')}</a>
          </p>`}
      ${this.error === null ? nothing : this.#said(this.error)}
      <footer>
        ${editing || this.checked !== null
          ? html`<button @click=${() => this.#anew()}>${t('app.cancel')}</button>`
          : nothing}
        <button class="primary" data-testid="order-submit" ?disabled=${this.busy} @click=${() => void this.#submit()}>
          ${t(editing ? 'orders.save' : this.checked === null ? 'orders.check' : 'orders.submit')}
        </button>
      </footer>
    </section>`;
  }

  #said(error: unknown): TemplateResult {
    return html`<p class="notice danger" role="alert" data-testid="order-error">${inWords(error)}</p>`;
  }

  #orders(): TemplateResult {
    return html`<section class="card" data-testid="orders">
      <header>
        <h2>${t('orders.list')}</h2>
        <input type="search" placeholder=${t('orders.search')} aria-label=${t('orders.search')} @input=${this.#typedSearch} />
      </header>
      <order-list
        .items=${this.items}
        @edit-order=${(event: CustomEvent<Order>) => this.#edit(event.detail)}
        @cancel-order=${(event: CustomEvent<Order>) => void this.#cancel(event.detail)}
      ></order-list>
    </section>`;
  }

  #typedSearch = (event: Event): void => {
    this.#text = (event.target as HTMLInputElement).value;
    this.#search();
  };

  /** Another patient or examination is another question. */
  #typed(draft: OrderDraft): void {
    const before = this.draft;
    this.draft = draft;
    if (before !== null && JSON.stringify(checkOf(before)) !== JSON.stringify(checkOf(draft))) this.checked = null;
  }

  async #load(): Promise<void> {
    try {
      this.rules ??= await orders.rules();
      this.draft ??= emptyDraft(ownClinic(), new Date(serverNow()));
      this.items = (await orders.list({ q: this.#text, limit: 30 })).items;
      if (this.error instanceof ApiError && this.error.status === 0) this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #submit(): Promise<void> {
    const draft = this.draft;
    if (draft === null) return;
    this.strict = true;
    if (missingFields(draft).length > 0) return;
    await this.#doing(async () => {
      if (this.editing !== null) await this.#save(this.editing, draft);
      else if (this.checked === null && !(await this.#isClear(draft))) return;
      else await this.#place(draft);
    });
  }

  /** Whether nothing speaks against it; what does is shown first. */
  async #isClear(draft: OrderDraft): Promise<boolean> {
    const checked = await orders.check(checkOf(draft));
    const { recognisable, duplicates } = checked;
    const clear = recognisable.length + duplicates.orders.length + duplicates.studies.length === 0;
    if (!clear) this.checked = checked;
    return clear;
  }

  async #place(draft: OrderDraft): Promise<void> {
    const words = wordsOf(draft);
    const placed = await orders.place(this.again.code === '' ? words : { ...words, repeat: this.again });
    notify(t('orders.placed', { number: placed.accession_number }), 'ok');
    this.#anew();
    await this.#load();
  }

  async #save(order: Order, draft: OrderDraft): Promise<void> {
    try {
      const { institution: _, repeat: __, ...words } = wordsOf(draft);
      await orders.change(order.id, order.version, words);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      // Somebody was faster: his words first, then the person decides again.
      this.#edit(await orders.order(order.id));
      notify(t('orders.changed_meanwhile'), 'danger');
      return;
    }
    notify(t('orders.saved'), 'ok');
    this.#anew();
    await this.#load();
  }

  async #recognise(earlier: Earlier): Promise<void> {
    const draft = this.draft;
    if (draft === null) return;
    await this.#doing(async () => {
      const { report } = await orders.recognise(checkOf(draft), earlier.study_instance_uid);
      notify(t('orders.recognised'), 'ok');
      this.#anew();
      this.report = report ?? '';
    });
  }

  #edit(order: Order): void {
    this.editing = order;
    this.draft = draftOf(order);
    this.checked = null;
    this.report = '';
    this.error = null;
    this.renderRoot.querySelector('[data-testid="order-form"]')?.scrollIntoView();
  }

  async #cancel(order: Order): Promise<void> {
    const answers = await ask({
      title: t('orders.cancel'),
      danger: true,
      fields: [{ name: 'reason', label: t('orders.cancel.reason'), kind: 'text', required: true }],
    });
    if (answers === null) return;
    await this.#doing(async () => {
      await orders.cancel(order.id, answers['reason'] ?? '');
      notify(t('orders.cancelled'), 'ok');
      await this.#load();
    });
  }

  #anew(): void {
    this.draft = emptyDraft(ownClinic(), new Date(serverNow()));
    this.again = { code: '', text: '' };
    this.editing = this.checked = this.error = null;
    this.strict = false;
    this.report = '';
  }

  async #doing(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await work();
    } catch (error) {
      this.error = error;
      if (error instanceof ApiError && error.code === 'recognition_undecided' && this.draft !== null) {
        this.checked = await orders.check(checkOf(this.draft)).catch(() => null);
      }
    } finally {
      this.busy = false;
    }
  }
}

function ownClinic(): string {
  return hasRole('clinic') ? (currentUser()?.institution ?? '') : '';
}
