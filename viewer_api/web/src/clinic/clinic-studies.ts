import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import type { Study } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { patientLine, personName } from '../lib/patient.ts';
import { ago, fullDay } from '../lib/time.ts';
import { links } from '../router.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { examName } from '../worklist/exam-name.ts';
import { remarks } from './expected.ts';
import '../ui/study-thumbnail.ts';

/** A clinic's studies with their state in its own words. */
@customElement('clinic-studies')
export class ClinicStudies extends AppElement {
  @property({ attribute: false }) studies: readonly Study[] = [];
  /** What tests call a row; the same study may be in two lists of a page. */
  @property({ attribute: 'row-name' }) rowName = 'clinic-study-row';

  static override styles = [
    base,
    badgeStyles,
    css`
      a {
        display: grid;
        grid-template-columns: 46px minmax(120px, 1.1fr) minmax(140px, 2fr) minmax(150px, 1.5fr);
        align-items: center;
        gap: 4px 16px;
        padding: 8px 16px;
        border-bottom: 1px solid var(--line);
        color: inherit;
      }
      a:hover {
        background: var(--hover);
        text-decoration: none;
      }
      a:focus-visible {
        outline-offset: -2px;
      }
      li:last-child a {
        border-bottom: 0;
      }
      .name {
        font-size: 15px;
        font-weight: 600;
      }
      small {
        display: block;
        color: var(--muted);
        font-size: 12.5px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        min-width: 0;
      }
      .attention {
        color: var(--late);
        font-weight: 600;
      }
      .finished {
        color: var(--ok);
        font-weight: 600;
      }
      @media (max-width: 720px) {
        a {
          grid-template-columns: 46px minmax(0, 1fr);
        }
        .exam,
        .where {
          grid-column: 2;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<ul>
      ${repeat(
        this.studies,
        ({ study_instance_uid }) => study_instance_uid,
        (study) => this.#row(study),
      )}
    </ul>`;
  }

  #row(study: Study): TemplateResult {
    return html`<li>
      <a
        href=${links.clinicStudy(study.study_instance_uid)}
        data-testid=${this.rowName}
        data-study-uid=${study.study_instance_uid}
        data-state=${study.state}
      >
        <study-thumbnail .src=${study.thumbnail} .modality=${study.modality}></study-thumbnail>
        <span>
          <span class="name truncate">${personName(study.patient.name)}</span>
          <small class="num">${patientLine(study.patient)}</small>
        </span>
        <span class="exam">
          <span class="line">
            ${modalityBadge(study.modality)}<span class="truncate">${examName(study)}</span>
            ${study.priority === 'P0' || study.priority === 'P1' ? priorityBadge(study.priority) : nothing}
          </span>
          <small class="num">
            ${t('worklist.images', { series: study.series, instances: study.instances })} ·
            ${study.exam_date === null ? nothing : html`${t('clinic.made', { day: fullDay(study.exam_date) })} ·`}
            ${t('clinic.arrived', { time: ago(study.first_received_at, now.value) })}
          </small>
        </span>
        <span class="where">
          <span class=${tone(study)}>${stateMark(study.state, 'clinic_state')}</span>
          ${remarks(study, now.value).map((words) => html`<small class="num">${words}</small>`)}
        </span>
      </a>
    </li>`;
  }
}

function tone({ state }: Study): string {
  if (state === 'retake_wait' || state === 'info_wait') return 'attention';
  return state === 'signed' ? 'finished' : '';
}
