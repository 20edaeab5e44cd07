import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Notice } from '../api/notices-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { inbox, markSeen } from '../notices/inbox.ts';
import { noticeLine, noticeLineStyles } from '../notices/notice-line.ts';
import { currentUser, noticesApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../notices/wishes-form.ts';
import '../ui/connection-banner.ts';

const AT_ONCE = 50;

/** Everything that one is told, and where one is reached. */
@customElement('notices-page')
export class NoticesPage extends AppElement {
  /** The one that a message led to, 0 for none. */
  @property({ type: Number }) noticeId = 0;
  @state() private items: readonly Notice[] = [];
  @state() private next: string | null = null;
  @state() private error: unknown = null;
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    noticeLineStyles,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 340px;
        gap: 16px;
        align-items: start;
        max-width: 1180px;
        margin: 0 auto;
        padding: 16px;
      }
      header h1 {
        flex: 1;
        font-size: 16px;
      }
      .end {
        padding: 12px;
        text-align: center;
      }
      @media (max-width: 860px) {
        .page {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = inbox.subscribe(() => void this.#load());
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render(): TemplateResult | typeof nothing {
    const user = currentUser();
    if (user === null) return nothing;
    const led = this.items.find(({ id }) => id === this.noticeId);
    const items = led === undefined ? this.items : [led, ...this.items.filter((one) => one !== led)];
    return html`<connection-banner></connection-banner>
      <div class="page">
        <section class="card">
          <header>
            <h1>${t('app.notices')}</h1>
            <button class="small" ?disabled=${!inbox.value?.unseen} @click=${() => void markSeen(null)}>${t('notices.all_seen')}</button>
          </header>
          ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
          ${items.length === 0 ? html`<p class="empty">${t('notices.none')}</p>` : html`<ul>${items.map((one) => noticeLine(one, user, now.value))}</ul>`}
          ${this.next === null ? nothing : html`<p class="end"><button @click=${() => void this.#more()}>${t('notices.more')}</button></p>`}
        </section>
        <wishes-form></wishes-form>
      </div>`;
  }

  async #load(): Promise<void> {
    await this.#fetch({ limit: Math.min(200, Math.max(AT_ONCE, this.items.length)) }, []);
  }

  async #more(): Promise<void> {
    await this.#fetch({ limit: AT_ONCE, cursor: this.next }, this.items);
  }

  async #fetch(query: { limit: number; cursor?: string | null }, before: readonly Notice[]): Promise<void> {
    try {
      const page = await noticesApi.notices(query);
      this.items = [...before, ...page.items];
      this.next = page.next;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}
