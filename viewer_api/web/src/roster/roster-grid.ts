import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Roster, RosterPerson, Shift, ShiftKind } from '../api/roster-types.ts';
import { localName, t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { dayName, hoursOf, isAway, weekOf } from './week.ts';

export interface CellOrder {
  user: string;
  day: string;
}

/** People by days. Fires `cell` with who and when, and `swap` with a shift; days with gaps have a red head. */
@customElement('roster-grid')
export class RosterGrid extends AppElement {
  @property({ attribute: false }) roster!: Roster;
  @property({ attribute: false }) uncovered: ReadonlySet<string> = new Set();

  static override styles = [
    base,
    controls,
    css`
      .wide {
        overflow-x: auto;
      }
      table {
        width: 100%;
        min-width: 860px;
        border-collapse: collapse;
        table-layout: fixed;
      }
      th:first-child {
        width: 168px;
      }
      th,
      td {
        padding: 6px;
        border: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
      }
      thead th {
        background: var(--raised);
        font-weight: 600;
      }
      thead small,
      tbody th small {
        display: block;
        color: var(--muted);
        font-weight: 400;
      }
      th.today {
        box-shadow: inset 0 -2px var(--accent);
      }
      th.gap {
        background: var(--danger-soft);
        color: var(--danger);
      }
      tbody th {
        font-weight: 600;
      }
      tr.mine th,
      tr.mine td {
        background: var(--accent-soft);
      }
      td {
        height: 52px;
      }
      td.open {
        cursor: pointer;
      }
      td.open:hover {
        background: var(--hover);
      }
      td.away {
        background: repeating-linear-gradient(135deg, transparent 0 6px, var(--line) 6px 8px);
      }
      .chip {
        display: block;
        margin-bottom: 3px;
        padding: 2px 7px;
        border-left: 4px solid var(--chip);
        border-radius: 4px;
        background: color-mix(in srgb, var(--chip) 16%, var(--surface));
        font-size: 13px;
        line-height: 1.35;
      }
      .chip small {
        display: block;
        color: var(--muted);
        font-size: 12px;
      }
      .chip.on-call {
        border-left-style: dotted;
      }
      .chip.bad {
        outline: 1.5px solid var(--danger);
      }
      .bad em {
        display: block;
        color: var(--danger);
        font-size: 12px;
        font-style: normal;
      }
    `,
  ];

  override render(): TemplateResult {
    const { first, today, people } = this.roster;
    const days = weekOf(first);
    return html`<div class="wide">
      <table data-testid="roster-grid">
        <thead>
          <tr>
            <th scope="col">${t('roster.person')}</th>
            ${days.map((day) => {
              const name = dayName(day);
              const marks = `${day === today ? 'today' : ''} ${this.uncovered.has(day) ? 'gap' : ''}`;
              return html`<th scope="col" class=${marks}>${name.weekday}<small>${name.date}</small></th>`;
            })}
          </tr>
        </thead>
        <tbody>
          ${people.map((person) => this.#line(person, days))}
        </tbody>
      </table>
    </div>`;
  }

  #line(person: RosterPerson, days: readonly string[]): TemplateResult {
    return html`<tr class=${person.mine ? 'mine' : ''}>
      <th scope="row">
        ${person.name}${person.mine ? html` · ${t('roster.mine')}` : nothing}
        <small>${person.modalities === null ? t('roster.all_modalities') : person.modalities.join(' ')}</small>
      </th>
      ${days.map((day) => this.#cell(person, day))}
    </tr>`;
  }

  #cell(person: RosterPerson, day: string): TemplateResult {
    const { shifts, absences, editable, zone } = this.roster;
    const away = isAway(absences, person.username, day, zone);
    const own = shifts.filter((shift) => shift.user === person.username && shift.day === day);
    const label = t('roster.cell', { name: person.name, day });
    const fill = (): boolean => this.dispatchEvent(new CustomEvent<CellOrder>('cell', { detail: { user: person.username, day } }));
    const key = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        fill();
      }
    };
    return html`<td
      class="${editable ? 'open' : ''} ${away ? 'away' : ''}"
      title=${away ? t('roster.absent') : nothing}
      tabindex=${editable ? 0 : nothing}
      role=${editable ? 'button' : nothing}
      aria-label=${editable ? label : nothing}
      data-testid="cell-${person.username}-${day}"
      @click=${editable ? fill : nothing}
      @keydown=${editable ? key : nothing}
    >
      ${own.map((shift) => this.#chip(shift))}
    </td>`;
  }

  #chip(shift: Shift): TemplateResult {
    const { kinds, findings, zone, editable } = this.roster;
    const kind = kinds.find(({ id }) => id === shift.kind) as ShiftKind;
    const faults = findings.filter((finding) => finding.shift === shift.id);
    const swap = (): boolean => this.dispatchEvent(new CustomEvent<Shift>('swap', { detail: shift }));
    return html`<span
      class="chip ${faults.length > 0 ? 'bad' : ''} ${shift.on_call ? 'on-call' : ''}"
      style="--chip: ${kind.colour || 'var(--accent)'}"
      title=${[shift.phone, shift.note].filter(Boolean).join(' · ') || nothing}
      @dblclick=${editable ? swap : nothing}
      >${localName(kind.name, kind.name_en)}<small class="num">${hoursOf(shift, zone)}</small>${faults.map(
        ({ fault }) => html`<em>${t(`fault.${fault}`)}</em>`,
      )}</span
    >`;
  }
}
