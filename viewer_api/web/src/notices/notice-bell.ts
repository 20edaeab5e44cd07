import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { User } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { links } from '../router.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { inbox, markSeen } from './inbox.ts';
import { noticeLine, noticeLineStyles } from './notice-line.ts';

const SHOWN = 12;

/** How many notices are new, and the newest of them. */
@customElement('notice-bell')
export class NoticeBell extends AppElement {
  @property({ attribute: false }) user!: User;
  @state() private open = false;
  @query('.bell') private bell!: HTMLButtonElement;

  static override styles = [
    base,
    controls,
    noticeLineStyles,
    css`
      :host {
        position: relative;
      }
      .bell {
        position: relative;
        width: 34px;
        min-height: 32px;
        padding: 0;
        border-color: transparent;
        background: transparent;
        color: var(--bar-text);
      }
      .bell:hover:not(:disabled) {
        background: rgb(255 255 255 / 9%);
        border-color: transparent;
      }
      .count {
        position: absolute;
        top: -3px;
        right: -3px;
        min-width: 18px;
        padding: 0 5px;
        border-radius: 9px;
        background: #e8eef3;
        color: #12344c;
        font-size: 11.5px;
        font-weight: 700;
        line-height: 18px;
        text-align: center;
      }
      .count.urgent {
        background: #d4372c;
        color: #fff;
      }
      .panel {
        position: absolute;
        top: calc(100% + 8px);
        right: 0;
        z-index: 41;
        width: min(420px, calc(100vw - 24px));
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      .panel header,
      .panel footer {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 8px 12px;
        border-bottom: 1px solid var(--line);
      }
      .panel footer {
        border: 0;
        border-top: 1px solid var(--line);
      }
      .panel h2 {
        flex: 1;
        margin: 0;
        font-size: 15px;
      }
      .panel ul {
        max-height: min(440px, calc(100dvh - 180px));
        overflow: auto;
      }
      .none {
        padding: 24px;
        color: var(--muted);
        text-align: center;
      }
      @media (max-width: 460px) {
        .panel {
          position: fixed;
          top: calc(var(--bar-height) + 2px);
          right: 12px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(inbox);
    this.watch(now);
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.open) return;
      this.open = false;
      this.bell.focus();
      event.stopPropagation();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pointerdown', this.#onPointer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.#onPointer);
  }

  override render(): TemplateResult {
    const { unseen, urgent } = inbox.value ?? { unseen: 0, urgent: 0 };
    const label = unseen === 0 ? t('notices.none_new') : t('notices.new', { n: unseen });
    return html`<button
        class="bell"
        data-testid="bell"
        data-unseen=${unseen}
        aria-expanded=${this.open}
        aria-controls="panel"
        aria-label=${label}
        title=${label}
        @click=${() => (this.open = !this.open)}
      >
        ${icon('bell')}
        ${unseen === 0 ? nothing : html`<span class="count num ${urgent > 0 ? 'urgent' : ''}" aria-hidden="true">${unseen > 99 ? '99+' : unseen}</span>`}
      </button>
      ${this.open ? this.#panel() : nothing}`;
  }

  #panel(): TemplateResult {
    const items = inbox.value?.items.slice(0, SHOWN) ?? [];
    return html`<div id="panel" class="panel" data-testid="bell-panel">
      <header>
        <h2>${t('app.notices')}</h2>
        <button class="quiet small" ?disabled=${!inbox.value?.unseen} @click=${() => void markSeen(null)}>${t('notices.all_seen')}</button>
      </header>
      ${items.length === 0
        ? html`<p class="none">${t('notices.none')}</p>`
        : html`<ul @click=${this.#followed}>
            ${items.map((notice) => noticeLine(notice, this.user, now.value))}
          </ul>`}
      <footer><a href=${links.notices()} @click=${() => (this.open = false)}>${t('notices.list')}</a></footer>
    </div>`;
  }

  #followed = (event: Event): void => {
    if (event.composedPath().some((node) => node instanceof HTMLAnchorElement)) this.open = false;
  };

  #onPointer = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };
}
