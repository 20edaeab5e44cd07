import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { AppElement } from '../../ui/element.ts';
import { icon } from '../../ui/icons.ts';
import { base } from '../../ui/styles.ts';
import type { Reason } from './fitting.ts';

/** What a rule asks of an exam and what that has, line by line. */
@customElement('reason-list')
export class ReasonList extends AppElement {
  @property({ attribute: false }) reasons: readonly Reason[] = [];

  static override styles = [
    base,
    css`
      :host {
        font-size: 13px;
      }
      li {
        display: flex;
        gap: 6px;
        align-items: baseline;
        padding: 2px 0;
        color: var(--text);
      }
      svg {
        align-self: center;
        color: var(--ok);
      }
      .not svg {
        color: var(--danger);
      }
      span {
        flex: 1;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.reasons.length === 0) return html`<p class="muted">${t('hang.reason.none')}</p>`;
    return html`<ul>
      ${this.reasons.map(
        (reason) =>
          html`<li class=${reason.holds ? '' : 'not'} data-testid="reason" data-asked=${reason.asked} data-holds=${reason.holds}>
            ${icon(reason.holds ? 'check' : 'close', 14)}<span><span class="sr-only">${t(reason.holds ? 'hang.holds' : 'hang.holds.not')}</span>${inWords(reason)}</span>
          </li>`,
      )}
    </ul>`;
  }
}

export function reasonList(reasons: readonly Reason[]): TemplateResult {
  return html`<reason-list .reasons=${reasons}></reason-list>`;
}

function inWords({ asked, wanted, found }: Reason): string {
  if (asked === 'prior') return t(wanted === 'true' ? 'hang.reason.prior' : 'hang.reason.prior.none', { found: t(found === 'true' ? 'hang.there' : 'hang.not_there') });
  if (asked === 'laterality') return t('hang.reason.laterality', { wanted: sides(wanted), found: sides(found) || t('hang.not_said') });
  return t(`hang.reason.${asked}`, { wanted, found: found === '' ? t('hang.not_said') : found });
}

function sides(codes: string): string {
  return codes
    .split(', ')
    .map((code) => (code === 'L' ? t('hangrule.side.L') : code === 'R' ? t('hangrule.side.R') : code))
    .join(', ');
}
