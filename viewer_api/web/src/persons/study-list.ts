import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { reportPdf } from '../api/client.ts';
import type { PersonStudy } from '../api/persons-types.ts';
import { localName, t } from '../i18n/index.ts';
import { listedMoment } from '../lib/time.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';

/** Studies of a person, of all clinics, the latest first. */
@customElement('person-studies')
export class PersonStudies extends AppElement {
  @property({ attribute: false }) studies: readonly PersonStudy[] = [];

  static override styles = [
    base,
    badgeStyles,
    css`
      li {
        display: grid;
        grid-template-columns: 132px 56px minmax(0, 1fr) minmax(0, 160px) 84px;
        gap: 10px;
        align-items: center;
        padding: 6px 16px;
        border-top: 1px solid var(--line);
      }
      .none {
        padding: 12px 16px;
        color: var(--muted);
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.studies.length === 0) return html`<p class="none">${t('patients.all_studies.none')}</p>`;
    return html`<ul>
      ${this.studies.map((study) => this.#study(study))}
    </ul>`;
  }

  #study(study: PersonStudy): TemplateResult {
    return html`<li data-testid="person-study" data-study-uid=${study.study_instance_uid}>
      <span class="num">${listedMoment(study)}</span>
      <span>${modalityBadge(study.modality)}</span>
      <span class="truncate">${study.description || study.body_part}</span>
      <span class="truncate muted">${localName(study.institution_name, study.institution_name_en)}</span>
      ${study.report_id === null
        ? html`<span class="muted">${t('priors.no_report')}</span>`
        : html`<a href=${reportPdf(study.report_id)} target="_blank" rel="noopener">${t('priors.report')}</a>`}
    </li>`;
  }
}
