import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { CaseAction, CriticalDetail, CriticalEvent, LadderStep } from '../api/critical-types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { patientLine, personName } from '../lib/patient.ts';
import { fullMoment, moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { hasRole } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { stepName } from './steps.ts';

const SECOND_MS = 1000;

/** One critical value: what it is, what may be done, and the whole record, which prints on a page. */
@customElement('critical-record')
export class CriticalRecord extends AppElement {
  @property({ attribute: false }) case!: CriticalDetail;
  @property({ type: Boolean }) busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
        padding: 12px 16px;
      }
      .top h2 {
        flex: 1;
        font-size: 18px;
      }
      .finding {
        margin: 0 16px;
        padding: 10px 14px;
        border-left: 4px solid var(--danger);
        background: var(--danger-soft);
        font-size: 16px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(230px, 1fr));
        gap: 10px 24px;
        padding: 14px 16px;
      }
      dt {
        color: var(--muted);
        font-size: 13px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 7px 10px;
        border-top: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
        overflow-wrap: anywhere;
      }
      th {
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
      }
      td small {
        display: block;
        color: var(--muted);
      }
      .ladder {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        padding: 0 16px 14px;
      }
      .ladder span {
        padding: 2px 10px;
        border: 1px solid var(--line-strong);
        border-radius: 12px;
        font-size: 13px;
      }
      .ladder .done {
        border-color: var(--danger);
        background: var(--danger-soft);
      }
      .foot {
        padding: 12px 16px;
        color: var(--muted);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .paper {
        display: none;
      }
      @media screen and (max-width: 720px) {
        thead {
          display: none;
        }
        tr {
          display: grid;
          grid-template-columns: 1fr 1fr;
          padding: 8px 6px;
          border-top: 1px solid var(--line);
        }
        td {
          padding: 2px 10px;
          border-top: 0;
        }
        td:last-child {
          grid-column: 1 / -1;
        }
      }
      @media print {
        .card {
          border: 0;
          background: #fff;
          color: #000;
        }
        .screen,
        button {
          display: none !important;
        }
        .paper {
          display: block;
          padding: 0 0 8px;
          text-align: center;
          font-size: 20px;
        }
        th,
        td,
        .finding {
          border-color: #000;
          background: none;
        }
        .finding {
          margin: 0;
        }
        th,
        td,
        dl,
        .foot {
          padding-left: 0;
          color: #000;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    const { allowed_actions: actions, intact, events } = this.case;
    return html`<section class="card">
      <h1 class="paper">${t('critical.record')}</h1>
      <div class="top">
        <h2>${localName(this.case.name, this.case.name_en)}</h2>
        ${actions.map((action) => this.#button(action))}
        <button class="small" data-testid="critical-print" @click=${() => print()}>
          ${icon('print', 16)}${t('critical.print')}
        </button>
      </div>
      <p class="finding">${this.case.finding}</p>
      ${this.#facts()}
      ${this.case.ladder.length === 0
        ? nothing
        : html`<div class="ladder screen">${this.case.ladder.map((step) => this.#step(step))}</div>`}
      <table>
        <thead>
          <tr>
            <th>${t('critical.time')}</th>
            <th>${t('critical.what')}</th>
            <th>${t('critical.who')}</th>
            <th>${t('critical.other')}</th>
            <th>${t('critical.words')}</th>
          </tr>
        </thead>
        <tbody>
          ${events.map((event) => this.#event(event))}
        </tbody>
      </table>
      <p class="foot">
        ${t(intact ? 'critical.intact' : 'critical.broken')} · SHA-256 ${events.at(-1)?.sha256 ?? ''}
      </p>
    </section>`;
  }

  #button(action: CaseAction): TemplateResult {
    const main = action !== 'false_alarm' && action === this.case.allowed_actions[0];
    return html`<button
      class="small ${main ? 'primary' : ''} ${action === 'false_alarm' ? 'danger' : ''}"
      data-testid="critical-${action}"
      ?disabled=${this.busy}
      @click=${() => this.tell('step', action)}
    >
      ${stepName(action)}
    </button>`;
  }

  #facts(): TemplateResult {
    const one = this.case;
    const phone = one.clinic_phone === '' ? '' : t('critical.phone_of', { phone: one.clinic_phone });
    const lead = hasRole('clinic')
      ? html`<a href=${links.clinicStudy(one.study_instance_uid)}>${t('critical.study')}</a>`
      : one.task_id === null || hasRole('admin')
        ? nothing
        : html`<a href=${links.read(one.task_id, true)}>${t('critical.read')}</a>`;
    return html`<dl>
      ${fact(t('critical.patient'), html`${personName(one.patient.name)} ${patientLine(one.patient)}`)}
      ${fact(t('critical.exam'), html`${one.modality} ${one.description} <span class="screen">${lead}</span>`)}
      ${fact(t('critical.clinic'), html`${localName(one.institution_name, one.institution_name_en)} ${phone}`)}
      ${fact(t('critical.state'), html`<strong data-testid="critical-state">${t(`critical.state.${one.state}`)}</strong>`)}
    </dl>`;
  }

  #step({ name, at, done }: LadderStep): TemplateResult {
    return html`<span class=${done ? 'done' : ''}>${moment(at, now.value)} ${word('critical.step', name)}</span>`;
  }

  #event(event: CriticalEvent): TemplateResult {
    const late = Date.parse(event.at) - Date.parse(event.happened_at) > SECOND_MS;
    const words = event.action === 'escalate' ? word('critical.step', event.content) : event.content;
    const method = event.method === '' ? '' : t(`critical.method.${event.method}`);
    return html`<tr>
      <td class="num">
        ${fullMoment(event.happened_at)}
        ${late ? html`<small>${t('critical.written', { time: fullMoment(event.at) })}</small>` : nothing}
      </td>
      <td>${word('critical.action', event.action)}<small>${method}</small></td>
      <td>${event.actor_name}<small>${event.actor_title}</small></td>
      <td>${event.other_side}${event.receiver === '' || event.receiver === event.other_side
        ? nothing
        : html`<small>${t('critical.receiver')}: ${event.receiver}</small>`}</td>
      <td>${words}</td>
    </tr>`;
  }
}

function fact(name: string, value: TemplateResult): TemplateResult {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}
