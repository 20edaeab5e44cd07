import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { ResendRequest } from '../api/quarantine-types.ts';
import { t, word } from '../i18n/index.ts';
import { personName } from '../lib/patient.ts';
import { fullMoment } from '../lib/time.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';

/** Studies that the county centre asks this clinic to put right and send anew; nothing while there are none. */
@customElement('resend-requests')
export class ResendRequests extends AppElement {
  @property({ attribute: false }) requests: readonly ResendRequest[] = [];

  static override styles = [
    base,
    surfaces,
    badgeStyles,
    css`
      .card {
        border-color: var(--late);
      }
      header {
        background: var(--late-soft);
        color: var(--late);
        border-radius: 8px 8px 0 0;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 12px;
        padding: 8px 16px;
        border-top: 1px solid var(--line);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.requests.length === 0) return nothing;
    return html`<section class="card" data-testid="resend-requests">
      <header><h2>${t('resend.title')}</h2><small>${t('resend.text')}</small></header>
      <ul>
        ${this.requests.map((request) => this.#request(request))}
      </ul>
    </section>`;
  }

  #request(request: ResendRequest): TemplateResult {
    const who = request.patient === null ? t('quarantine.unreadable') : personName(request.patient.name);
    return html`<li data-testid="resend-request" data-study-uid=${request.study_instance_uid}>
      <span>${modalityBadge(request.modality)} <b>${who}</b> ${request.description}</span>
      <small class="num">${t('resend.objects', { n: request.objects })} · ${fullMoment(request.asked_at)}</small>
      <span>${word('health.reason', request.reason)}${request.note === '' ? '' : ` · ${request.note}`}</span>
      <small>${request.ae_title}</small>
    </li>`;
  }
}
