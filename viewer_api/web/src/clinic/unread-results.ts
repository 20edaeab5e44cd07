import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { reportPdf } from '../api/client.ts';
import type { Result } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { patientLine, personName } from '../lib/patient.ts';
import { ago } from '../lib/time.ts';
import { links } from '../router.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** New reports on top of the clinic's page, critical ones first. Fires `receive` with the result. */
@customElement('unread-results')
export class UnreadResults extends AppElement {
  @property({ attribute: false }) results: readonly Result[] = [];
  @property({ type: Boolean }) busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(150px, 1.2fr) minmax(150px, 2fr) auto;
        align-items: center;
        gap: 4px 16px;
        padding: 10px 16px;
        border-bottom: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 0;
      }
      li.critical {
        box-shadow: inset 3px 0 0 var(--danger);
        background: var(--danger-soft);
      }
      .name {
        font-size: 15px;
        font-weight: 600;
      }
      small {
        display: block;
        color: var(--muted);
      }
      .what {
        min-width: 0;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      .words {
        color: var(--danger);
        font-weight: 600;
      }
      .actions {
        display: flex;
        gap: 8px;
      }
      .count {
        padding: 0 8px;
        border-radius: 999px;
        background: var(--primary);
        color: #fff;
        font-size: 13px;
        font-weight: 600;
      }
      .none {
        padding: 14px 16px;
        color: var(--muted);
      }
      @media (max-width: 720px) {
        li {
          grid-template-columns: minmax(0, 1fr);
        }
        .actions {
          margin-top: 4px;
        }
        .actions > * {
          flex: 1;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    const { results } = this;
    return html`<section class="card" data-testid="unread-results">
      <header>
        <h2>${t('clinic.unread')}</h2>
        ${results.length === 0 ? nothing : html`<span class="count num">${results.length}</span>`}
      </header>
      ${results.length === 0
        ? html`<p class="none">${t('clinic.unread.none')}</p>`
        : html`<ul>
            ${results.map((result) => this.#line(result))}
          </ul>`}
    </section>`;
  }

  #line(result: Result): TemplateResult {
    const link = links.clinicStudy(result.study_instance_uid);
    return html`<li
      class=${result.critical === '' ? '' : 'critical'}
      data-testid="unread-result"
      data-seq=${result.seq}
      data-study-uid=${result.study_instance_uid}
    >
      <span>
        <a class="name" href=${link}>${personName(result.patient.name)}</a>
        <small class="num">${patientLine(result.patient)}</small>
      </span>
      <span class="what">
        <span class="line">
          ${modalityBadge(result.modality)}<span class="truncate">${result.description}</span>
          ${result.kind === 'final' ? nothing : html`<span class="badge p1">${t(`report.kind.${result.kind}`)}</span>`}
        </span>
        ${result.critical === ''
          ? html`<small>${ago(result.created_at, now.value)}</small>`
          : html`<span class="words">${t('report.critical')}: ${result.critical}</span>`}
      </span>
      <span class="actions">
        <a class="button" href=${link}>${t('clinic.view')}</a>
        <a class="button" href=${reportPdf(result.report_id)} target="_blank" rel="noopener" aria-label=${t('report.pdf')}
          >${icon('print')}</a
        >
        <button class="primary" data-testid="result-receive" ?disabled=${this.busy} @click=${() => this.tell('receive', result)}>
          ${t('clinic.received')}
        </button>
      </span>
    </li>`;
  }
}
