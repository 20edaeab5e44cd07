import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { CriticalCase } from '../api/critical-types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName } from '../lib/patient.ts';
import { countdown, moment } from '../lib/time.ts';
import { go, links } from '../router.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';

/** Critical values as lines; a click opens the record. */
@customElement('critical-table')
export class CriticalTable extends AppElement {
  @property({ attribute: false }) cases: readonly CriticalCase[] = [];

  static override styles = [
    base,
    controls,
    css`
      :host {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 8px 12px;
        border-top: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
      }
      th {
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
        white-space: nowrap;
      }
      tbody tr {
        cursor: pointer;
      }
      tbody tr:hover {
        background: var(--hover);
      }
      .late {
        color: var(--danger);
        font-weight: 600;
      }
      small {
        display: block;
        color: var(--muted);
      }
      .left {
        white-space: nowrap;
      }
      td {
        overflow-wrap: anywhere;
      }
      @media (max-width: 720px) {
        .left {
          white-space: normal;
        }
        .wide {
          display: none;
        }
        th,
        td {
          padding: 8px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th>${t('critical.left')}</th>
          <th>${t('critical.patient')}</th>
          <th>${t('critical.finding')}</th>
          <th>${t('critical.state')}</th>
          <th class="wide">${t('critical.ladder')}</th>
          <th class="wide">${t('critical.clinic')}</th>
        </tr>
      </thead>
      <tbody>
        ${this.cases.map((one) => this.#row(one))}
      </tbody>
    </table>`;
  }

  #row(one: CriticalCase): TemplateResult {
    const open = (): void => go(links.critical(one.id));
    return html`<tr data-testid="critical-row" @click=${open}>
      <td class="left num">${this.#left(one)}</td>
      <td>
        <a href=${links.critical(one.id)}>${personName(one.patient.name)}</a>
        <small>${one.modality} ${one.description}</small>
      </td>
      <td>${localName(one.name, one.name_en)}<small>${one.finding}</small></td>
      <td>${t(`critical.state.${one.state}`)}</td>
      <td class="wide">${one.steps_told === 0 ? t('critical.ladder.none') : t('critical.ladder.steps', { n: one.steps_told })}</td>
      <td class="wide">
        ${localName(one.institution_name, one.institution_name_en)}
        <small>${one.clinic_phone === '' ? word('critical.source', one.source) : t('critical.phone_of', { phone: one.clinic_phone })}</small>
      </td>
    </tr>`;
  }

  #left({ due_at, ended_at, suspected_at }: CriticalCase): TemplateResult {
    if (due_at === null) return html`${moment(ended_at ?? suspected_at, now.value)}`;
    const left = Date.parse(due_at) - now.value;
    return left < 0
      ? html`<span class="late">${t('critical.overdue', { time: countdown(left) })}</span>`
      : html`${t('critical.in_time', { time: countdown(left) })}`;
  }
}
