import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { reportPdf } from '../api/client.ts';
import type { Person, Report, ReportContent } from '../api/types.ts';
import { type MessageKey, localName, t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { changedReport, differenceStyles } from './difference-view.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import '../keyimages/key-image-strip.ts';

/** A signed version as text, with its print form. Fires `pick-version` with a number, and `show-changes` with that of the version before. */
@customElement('report-view')
export class ReportView extends AppElement {
  @property({ attribute: false }) report!: Report;
  /** The version before, once it was asked for. */
  @property({ attribute: false }) earlier: Report | null = null;

  static override styles = [
    base,
    controls,
    differenceStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 14px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .result {
        font-weight: 600;
      }
      .positive {
        color: var(--late);
      }
      .negative {
        color: var(--ok);
      }
      h3 {
        margin-bottom: 3px;
        color: var(--muted);
        font-size: 13px;
        font-weight: 500;
      }
      .text {
        font-size: 15px;
        line-height: 1.75;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .impression .text {
        font-weight: 600;
      }
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 3px 14px;
        padding-top: 12px;
        border-top: 1px solid var(--line);
      }
      dt {
        color: var(--muted);
      }
      .changes {
        display: grid;
        gap: 6px;
        margin-top: 6px;
        line-height: 1.6;
      }
      .sha {
        color: var(--faint);
        font: 12px/1.5 var(--mono);
        overflow-wrap: anywhere;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        padding: 3px 0;
      }
      li button {
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
      }
      li button[aria-current='true'] {
        color: var(--text);
        font-weight: 600;
      }
    `,
  ];

  override render(): TemplateResult {
    const report = this.report;
    const withdrawn = report.kind === 'withdrawn';
    return html`
      <div class="head">
        <span class="muted">${t(`report.kind.${report.kind}`)} · ${t('report.version', { n: report.version })}</span>
        ${result(report)}
        <span style="flex:1"></span>
        <a class="button" data-testid="report-pdf" href=${reportPdf(report.id, report.version)} target="_blank" rel="noopener">
          ${icon('print')}${t('report.pdf')}
        </a>
      </div>
      ${withdrawn ? html`<p class="notice danger">${icon('warning')}<span>${t('report.withdrawn.text')}</span></p>` : nothing}
      ${report.kind === 'preliminary'
        ? html`<p class="notice warn" data-testid="preliminary-mark">${icon('warning')}<span>${t('report.preliminary.notice')}</span></p>`
        : nothing}
      ${report.reason ? html`<p class="notice info"><span>${t('ask.reason')}: ${report.reason}</span></p>` : nothing}
      ${reportText(report, report.modality)} ${opinions(report)} ${differences(report)}
      <key-image-strip .images=${report.key_images ?? []} .paper=${`${reportPdf(report.id, report.version)}&pictures=true`}></key-image-strip>
      <dl>
        <dt>${t('report.author')}</dt>
        <dd>${person(report.author)}</dd>
        <dt>${t('report.signer')}</dt>
        <dd>${person(report.signer)}</dd>
        <dt>${t('report.signed_at')}</dt>
        <dd class="num">${fullMoment(report.signed_at)}</dd>
        <dt>${t('report.sha')}</dt>
        <dd class="sha" title=${report.sha256}>${report.sha256.slice(0, 16)}…</dd>
      </dl>
      ${report.versions.length > 1 ? this.#versions() : nothing}
    `;
  }

  #versions(): TemplateResult {
    return html`<section>
      <h3>${t('report.versions')}</h3>
      <ul>
        ${this.report.versions.map(
          ({ version, kind, signed_at }) =>
            html`<li>
              <button aria-current=${version === this.report.version} @click=${() => this.tell('pick-version', version)}>
                ${t('report.version', { n: version })} · ${t(`report.kind.${kind}`)}
              </button>
              <span class="muted num">${fullMoment(signed_at)}</span>
            </li>`,
        )}
      </ul>
      ${this.#changes()}
    </section>`;
  }

  #changes(): TemplateResult | typeof nothing {
    const { version } = this.report;
    if (version === 1) return nothing;
    if (this.earlier?.id === this.report.id && this.earlier.version === version - 1) {
      return html`<div class="changes" data-testid="version-changes">${changedReport(this.earlier, this.report)}</div>`;
    }
    return html`<button class="small quiet" data-testid="show-changes" @click=${() => this.tell('show-changes', version - 1)}>
      ${t('report.changes_since', { n: version - 1 })}
    </button>`;
  }
}

function opinions({ consultations }: Report): TemplateResult | typeof nothing {
  if (!consultations?.length) return nothing;
  return html`<section>
    <h3>${t('report.opinions')}</h3>
    ${consultations.map(
      ({ hospital, consultant, opinion }) =>
        html`<p class="text">
          <b>${[localName(hospital.name, hospital.name_en), consultant?.name ?? '', consultant?.title ?? ''].join(' ').trim()}</b>
          ${opinion}
        </p>`,
    )}
  </section>`;
}

function differences({ preliminary }: Report): TemplateResult | typeof nothing {
  if (!preliminary?.differs.length) return nothing;
  const parts = preliminary.differs.map((part) => word('report.part', part)).join('、');
  return html`<p class="notice info" data-testid="preliminary-differs"><span>${t('report.differs', { parts })}</span></p>`;
}

export function findingsName(modality: string): MessageKey {
  return modality === 'ECG' ? 'report.findings.ecg' : 'report.findings';
}

/** Findings, impression and critical value; also of drafts. */
export function reportText(content: ReportContent, modality: string): TemplateResult {
  return html`<div data-testid="report-text" style="display:grid;gap:14px">
    ${content.critical
      ? html`<p class="notice danger" data-testid="report-critical-text">
          ${icon('warning')}<span><b>${t('report.critical')}</b> ${content.critical}</span>
        </p>`
      : nothing}
    <section class="impression">
      <h3>${t('report.impression')}</h3>
      <p class="text">${content.impression || '–'}</p>
    </section>
    <section>
      <h3>${t(findingsName(modality))}</h3>
      <p class="text">${content.findings || '–'}</p>
    </section>
  </div>`;
}

function result({ positive }: ReportContent): TemplateResult | typeof nothing {
  if (positive === null) return nothing;
  return html`<span class="result ${positive ? 'positive' : 'negative'}">
    ${t(positive ? 'report.positive.yes' : 'report.positive.no')}
  </span>`;
}

function person({ name, title, username }: Person): string {
  return [name || username, title].filter((part) => part !== '').join(' · ');
}
