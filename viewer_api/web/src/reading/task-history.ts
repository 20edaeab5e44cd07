import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { TaskEvent } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';

/** What happened to a case, by whom, and why. */
@customElement('task-history')
export class TaskHistory extends AppElement {
  @property({ attribute: false }) events: readonly TaskEvent[] = [];

  static override styles = [
    base,
    css`
      summary {
        color: var(--muted);
        cursor: pointer;
      }
      ol {
        margin-top: 8px;
        border-left: 2px solid var(--line-strong);
      }
      li {
        position: relative;
        padding: 0 0 10px 14px;
      }
      li::before {
        content: '';
        position: absolute;
        left: -5px;
        top: 7px;
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--faint);
      }
      small {
        display: block;
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.events.length === 0) return nothing;
    return html`<details>
      <summary>${t('read.history')}</summary>
      <ol>
        ${this.events.map(
          (event) =>
            html`<li>
              ${word('action', event.action)}${event.to_state === event.from_state ? '' : ` → ${word('state', event.to_state)}`}
              <small class="num">${fullMoment(event.at)} · ${event.actor ?? ''}</small>
              ${event.reason ? html`<small>${event.reason}</small>` : nothing}
            </li>`,
        )}
      </ol>
    </details>`;
  }
}
