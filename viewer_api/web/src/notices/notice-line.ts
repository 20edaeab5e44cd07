import { css, html, nothing, type TemplateResult } from 'lit';

import type { Notice } from '../api/notices-types.ts';
import type { User } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { ago } from '../lib/time.ts';
import { icon } from '../ui/icons.ts';
import { markSeen } from './inbox.ts';
import { noticeTarget, noticeText } from './words.ts';

/** One notice in a list; following its link means that it was seen. */
export function noticeLine(notice: Notice, user: User, nowMs: number): TemplateResult {
  const target = noticeTarget(notice, user);
  const fresh = notice.seen_at === null;
  const text = noticeText(notice);
  const see = (): void => {
    if (fresh) void markSeen([notice.id]);
  };
  return html`<li class="line ${notice.urgency} ${fresh ? 'fresh' : ''}" data-testid="notice" data-kind=${notice.kind}>
    ${icon(notice.urgency === 'urgent' ? 'breached' : 'info', 16)}
    <span>
      ${target === '' ? text : html`<a href=${target} @click=${see}>${text}</a>`}
      <small class="num">${ago(notice.created_at, nowMs)}</small>
    </span>
    ${fresh
      ? html`<button class="quiet icon" title=${t('notices.seen')} aria-label=${t('notices.seen')} @click=${see}>${icon('check', 16)}</button>`
      : nothing}
  </li>`;
}

export const noticeLineStyles = css`
  .line {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) auto;
    gap: 10px;
    align-items: start;
    padding: 9px 12px;
    border-bottom: 1px solid var(--line);
    line-height: 1.45;
  }
  .line:last-child {
    border-bottom: 0;
  }
  .line svg {
    margin-top: 3px;
    color: var(--faint);
  }
  .line a {
    color: inherit;
  }
  .line.fresh span {
    font-weight: 600;
  }
  .line.fresh.urgent > svg {
    color: var(--danger);
  }
  .line.fresh.normal > svg {
    color: var(--accent);
  }
  .line small {
    display: block;
    color: var(--muted);
    font-weight: 400;
  }
  .line button {
    min-height: 28px;
    width: 28px;
    color: var(--muted);
  }
  .line button svg {
    margin: 0;
  }
`;
