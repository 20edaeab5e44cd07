import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';

import { connection } from '../api/live.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from './element.ts';
import { icon } from './icons.ts';
import { base } from './styles.ts';

/** Says that what is on screen may be old. */
@customElement('connection-banner')
export class ConnectionBanner extends AppElement {
  static override styles = [
    base,
    css`
      p {
        display: flex;
        align-items: center;
        gap: 8px;
        padding: 7px 16px;
        background: var(--danger);
        color: var(--surface);
      }
    `,
  ];

  constructor() {
    super();
    this.watch(connection);
  }

  override render(): TemplateResult | typeof nothing {
    if (connection.value !== 'lost') return nothing;
    return html`<p role="alert" data-testid="connection-lost">${icon('warning')}${t('app.lost')}</p>`;
  }
}
