import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { localName, t } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { duration, moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { hasRole } from '../session.ts';
import { badgeStyles, modalityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../ui/due-clock.ts';
import type { GreenCase, GreenTask } from './green-api.ts';
import './milestone-line.ts';

/** A case of the green channel: who, since when, its moments, and how far its studies are. Fires `tell` and `end`. */
@customElement('green-case')
export class GreenCaseCard extends AppElement {
  @property({ attribute: false }) case!: GreenCase;
  @property({ type: Boolean }) busy = false;
  @property({ type: Boolean }) mayAct = false;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      header {
        flex-wrap: wrap;
      }
      .kind {
        padding: 2px 10px;
        border-radius: 4px;
        background: var(--danger);
        color: var(--on-accent);
        font-weight: 600;
      }
      .ended .kind {
        background: var(--muted);
      }
      .since {
        margin-left: auto;
        font-weight: 600;
      }
      .body {
        display: grid;
        gap: 12px;
        padding: 12px 16px;
      }
      li {
        display: grid;
        grid-template-columns: 64px minmax(0, 1.4fr) minmax(0, 1fr) minmax(0, 2fr) 150px;
        gap: 12px;
        align-items: center;
        padding: 8px 0;
        border-top: 1px solid var(--line);
      }
      .times {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 14px;
        color: var(--muted);
        font-size: 13px;
      }
      .times b {
        color: var(--text);
        font-weight: 600;
      }
      @media (max-width: 900px) {
        li {
          grid-template-columns: 64px minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    const one = this.case;
    return html`<article class="card ${one.closed_at === null ? '' : 'ended'}" data-testid="green-case" data-id=${one.id}>
      <header>
        <span class="kind">${t(`green.kind.${one.kind}`)}</span>
        <h2>${personName(one.patient.name)}</h2>
        <span class="num">${sexAge(one.patient)}</span>
        <span class="muted num">${one.patient.id}</span>
        <span class="muted">${localName(one.institution_name, one.institution_name_en)}</span>
        ${this.#standing(one)}
      </header>
      <div class="body">
        <p class="muted num">
          ${t('green.opened', { by: one.opened_by, at: moment(one.opened_at, now.value) })}${one.reason === '' ? nothing : html` · ${one.reason}`}
        </p>
        <milestone-line .case=${one} .busy=${this.busy}></milestone-line>
        ${one.studies.length === 0
          ? html`<p class="muted">${t('green.tasks.none')}</p>`
          : html`<ul aria-label=${t('green.tasks')}>
              ${one.studies.map((task) => this.#task(task))}
            </ul>`}
      </div>
    </article>`;
  }

  #standing(one: GreenCase): TemplateResult {
    if (one.closed_at !== null) {
      const told = { by: one.closed_by, at: moment(one.closed_at, now.value), reason: one.close_reason };
      return html`<span class="since muted num">${t('green.ended.by', told)}</span>`;
    }
    return html`<span class="since num">${t('green.since', { time: duration(now.value - Date.parse(this.#began)) })}</span>
      ${this.mayAct
        ? html`<button class="small" data-testid="green-end" ?disabled=${this.busy} @click=${() => this.tell('end')}>${t('green.end')}</button>`
        : nothing}`;
  }

  /** The first moment that is known; the case itself where none was told. */
  get #began(): string {
    return [this.case.opened_at, ...this.case.milestones.map((one) => one.at)].reduce((a, b) => (Date.parse(a) < Date.parse(b) ? a : b));
  }

  #task(task: GreenTask): TemplateResult {
    const clinic = hasRole('clinic');
    const href = clinic ? links.clinicStudy(task.study_instance_uid) : links.read(task.id, true);
    return html`<li data-testid="green-task">
      ${modalityBadge(task.modality)}
      <a href=${href} class="truncate" title=${t(clinic ? 'green.open_study' : 'green.open_case')}>${task.description || task.body_part || task.modality}</a>
      <span>${stateMark(task.state, clinic ? 'clinic_state' : 'state')}</span>
      <span class="times num">${this.#times(task)}</span>
      <due-clock .task=${task}></due-clock>
    </li>`;
  }

  #times(task: GreenTask): TemplateResult {
    const begin = task.exam_started_at ?? task.ready_at;
    const told = [
      ['exam', task.exam_started_at],
      ['ready', task.ready_at],
      ['preliminary', task.preliminary_at],
      ['signed', task.signed_at],
    ] as const;
    return html`${told.map(([name, at]) =>
      at === null ? nothing : html`<span>${t(`green.task.${name}`)} <b>${moment(at, now.value)}</b></span>`,
    )}
    ${task.signed_at === null ? nothing : html`<span>${t('green.task.report_in', { time: duration(Date.parse(task.signed_at) - Date.parse(begin)) })}</span>`}`;
  }
}
