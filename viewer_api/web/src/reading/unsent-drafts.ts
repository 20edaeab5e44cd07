import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { serverNow } from '../lib/server-time.ts';
import { moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { currentUser } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';
import { unsentDrafts } from './unsent.ts';

const LOOK_MS = 5000;

/** What was written here and never reached the server, with the way to each case. */
@customElement('unsent-drafts')
export class UnsentDrafts extends AppElement {
  static override styles = [
    base,
    surfaces,
    css`
      .notice {
        display: block;
        margin: 8px;
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => this.requestUpdate(), LOOK_MS);
  }

  override render(): TemplateResult | typeof nothing {
    const found = unsentDrafts(currentUser()?.username ?? '');
    if (found.length === 0) return nothing;
    return html`<div class="notice warn" role="status" data-testid="unsent-drafts">
      ${t('unsent.title')}
      ${found.map(
        ({ task, at }) => html`<a href=${links.read(task)} data-testid="unsent-draft">${t('unsent.case', { n: task, at: moment(at, serverNow()) })}</a> `,
      )}
    </div>`;
  }
}
