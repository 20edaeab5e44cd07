import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { reportPdf } from '../api/client.ts';
import type { Prior } from '../api/persons-types.ts';
import { localName, t } from '../i18n/index.ts';
import { listedMoment } from '../lib/time.ts';
import { modalityBadge, badgeStyles } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { scorePrior } from '../quality/prior-score.ts';
import { base, controls } from '../ui/styles.ts';
import { priorsOf } from './priors-once.ts';

/** The earlier studies of the person whose study is read, of all clinics, with their reports. */
@customElement('prior-studies')
export class PriorStudies extends AppElement {
  @property() study = '';
  /** The task in hand, whose reader may score the reports of the priors; 0 when none is. */
  @property({ type: Number }) task = 0;
  @state() private priors: readonly Prior[] | null = null;

  static override styles = [
    base,
    controls,
    badgeStyles,
    css`
      :host {
        flex: none;
        border-left: 1px solid var(--line);
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }
      summary,
      .none {
        padding: 8px 16px;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
      }
      .none {
        color: var(--muted);
      }
      ul {
        max-height: 116px;
        overflow: auto;
        padding: 0 16px 8px;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 10px;
        padding: 6px 0;
        border-top: 1px solid var(--line);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study') && this.study !== '') void this.#load(this.study);
  }

  override render(): TemplateResult | typeof nothing {
    if (this.priors === null) return nothing;
    if (this.priors.length === 0) return html`<p class="none" data-testid="priors-none">${t('priors.none')}</p>`;
    return html`<details open data-testid="priors">
      <summary>${t('priors.count', { n: this.priors.length })}</summary>
      <ul>
        ${this.priors.map((prior) => this.#prior(prior))}
      </ul>
    </details>`;
  }

  #prior(prior: Prior): TemplateResult {
    const place = localName(prior.institution_name, prior.institution_name_en);
    return html`<li data-testid="prior" data-study-uid=${prior.study_instance_uid}>
      <span class="truncate">${modalityBadge(prior.modality)} ${prior.description || prior.body_part}</span>
      ${prior.report_id === null
        ? html`<small>${t('priors.no_report')}</small>`
        : html`<span>
            ${this.task > 0
              ? html`<button class="small quiet" data-testid="prior-score" @click=${() => void scorePrior(this.task, prior.report_id!)}>
                  ${t('priors.score')}
                </button>`
              : nothing}
            <a href=${reportPdf(prior.report_id)} target="_blank" rel="noopener">${t('priors.report')}</a>
          </span>`}
      <small class="num">${listedMoment(prior)} · ${place}</small>
    </li>`;
  }

  async #load(study: string): Promise<void> {
    this.priors = null;
    const found = await priorsOf(study);
    if (study === this.study) this.priors = found;
  }
}
