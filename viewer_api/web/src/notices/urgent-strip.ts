import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Notice } from '../api/notices-types.ts';
import type { User } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { ago } from '../lib/time.ts';
import { links } from '../router.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { inbox, markSeen, urgentOnes } from './inbox.ts';
import { noticeTarget, noticeText } from './words.ts';

const SHOWN = 2;

/** What is urgent stays in view on every page until this person says that he has seen it. */
@customElement('urgent-strip')
export class UrgentStrip extends AppElement {
  @property({ attribute: false }) user!: User;

  static override styles = [
    base,
    controls,
    css`
      :host {
        flex: none;
      }
      div {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 5px 14px;
        border-bottom: 1px solid var(--danger);
        background: var(--danger-soft);
      }
      svg {
        color: var(--danger);
      }
      span {
        flex: 1;
        min-width: 0;
        font-weight: 600;
      }
      small {
        margin-left: 8px;
        color: var(--muted);
        font-weight: 400;
      }
      .more {
        padding: 3px 14px 3px 42px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(inbox);
    this.watch(now);
  }

  override render(): TemplateResult | typeof nothing {
    const urgent = urgentOnes(inbox.value);
    if (urgent.length === 0) return nothing;
    const more = urgent.length - SHOWN;
    return html`<section role="alert" aria-label=${t('notices.urgent')}>
      ${urgent.slice(0, SHOWN).map((notice) => this.#line(notice))}
      ${more > 0 ? html`<div class="more"><a href=${links.notices()}>${t('notices.urgent.more', { n: more })}</a></div>` : nothing}
    </section>`;
  }

  #line(notice: Notice): TemplateResult {
    const target = noticeTarget(notice, this.user);
    const see = (): void => void markSeen([notice.id]);
    return html`<div data-testid="urgent-notice">
      ${icon('breached')}
      <span>${noticeText(notice)}<small class="num">${ago(notice.created_at, now.value)}</small></span>
      ${target === '' ? nothing : html`<a class="button small" href=${target} @click=${see}>${t('notices.open')}</a>`}
      <button class="small" data-testid="urgent-seen" @click=${see}>${t('notices.seen')}</button>
    </div>`;
  }
}
