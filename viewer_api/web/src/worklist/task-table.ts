import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import type { Task } from '../api/types.ts';
import { doubt } from '../clinic/expected.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { duration, fullDay } from '../lib/time.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import './exam-words.ts';
import { taskTableStyles } from './task-table-styles.ts';
import '../ui/due-clock.ts';
import '../ui/study-thumbnail.ts';

const COLUMNS = ['image', 'priority', 'patient', 'exam', 'clinic', 'images', 'waiting', 'due', 'state', 'actions'] as const;

/** The cases of the worklist. Fires `open-task` and `look-at-task` with the task. */
@customElement('task-table')
export class TaskTable extends AppElement {
  @property({ attribute: false }) tasks: readonly Task[] = [];
  /** Opening takes the case where that is allowed; then looking without taking is a second choice. */
  @property({ type: Boolean }) takes = false;

  static override styles = [base, controls, badgeStyles, taskTableStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<table @keydown=${this.#keydown}>
      <thead>
        <tr>
          ${COLUMNS.map((column) => this.#heading(column))}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          this.tasks,
          ({ id }) => id,
          (task) => this.#row(task),
        )}
      </tbody>
    </table>`;
  }

  #heading(column: (typeof COLUMNS)[number]): TemplateResult {
    const label = t(`worklist.col.${column}`);
    const hidden = column === 'image' || column === 'actions';
    return html`<th scope="col" class=${column}>${hidden ? html`<span class="sr-only">${label}</span>` : label}</th>`;
  }

  #row(task: Task): TemplateResult {
    const patient = task.patient;
    const name = personName(patient.name);
    const clinic = localName(task.institution_name, task.institution_name_en);
    const open = t('worklist.open', { name, modality: word('modality', task.modality) });
    return html`<tr
      tabindex="0"
      data-testid="task-row"
      data-task-id=${task.id}
      data-state=${task.state}
      data-study-uid=${task.study_instance_uid}
      aria-label=${open}
      class=${task.priority.toLowerCase()}
      @click=${() => this.tell('open-task', task)}
    >
      <td class="image"><study-thumbnail .src=${task.thumbnail} .modality=${task.modality}></study-thumbnail></td>
      <td class="priority">${priorityBadge(task.priority)}${this.#escalation(task)}</td>
      <td class="patient">
        <span class="name truncate" title=${name}>${name}</span>
        <span class="sub num">${sexAge(patient)}</span>
      </td>
      <td class="exam">
        <span class="line">${modalityBadge(task.modality)}<exam-words .uid=${task.study_instance_uid} .exam=${task}></exam-words></span>
        <span class="sub truncate num">${patient.id}${task.exam_date === null ? '' : ` · ${fullDay(task.exam_date)}`}</span>
      </td>
      <td class="clinic"><span class="truncate" title=${clinic}>${clinic}</span></td>
      <td class="images num" title=${doubt(task) || t('worklist.images', { series: task.series, instances: task.instances })}>
        ${task.instances}${task.may_be_incomplete ? html`<b class="doubt" aria-label=${doubt(task)}>?</b>` : nothing}
      </td>
      <td class="waiting num">${duration(now.value - Date.parse(task.ready_at ?? task.created_at))}</td>
      <td class="due"><due-clock .task=${task}></due-clock></td>
      <td class="state">
        ${stateMark(task.state)}
        <span class="sub truncate">${this.#person(task)}</span>
      </td>
      <td class="actions">${this.takes ? this.#look(task) : nothing}</td>
    </tr>`;
  }

  #escalation(task: Task): TemplateResult | typeof nothing {
    if (task.escalation < 3) return nothing;
    const label = t('worklist.escalated', { n: task.escalation });
    return html`<span class="escalated" title=${label}><span class="sr-only">${label}</span>${icon('warning', 14)}</span>`;
  }

  #person(task: Task): string {
    if (task.state === 'drafted' || task.state === 'rework') return task.author_name ?? '';
    return task.signer_name ?? task.reader_name ?? task.kept_for_name ?? '';
  }

  #look(task: Task): TemplateResult {
    const look = (event: Event): void => {
      event.stopPropagation();
      this.tell('look-at-task', task);
    };
    return html`<button class="quiet icon small" title=${t('worklist.look')} aria-label=${t('worklist.look')} @click=${look}>
      ${icon('eye')}
    </button>`;
  }

  /** Enter opens the row with the focus; the arrow keys move between rows. */
  #keydown(event: KeyboardEvent): void {
    const row = event.composedPath()[0];
    if (!(row instanceof HTMLTableRowElement)) return;
    if (event.key === 'Enter') row.click();
    const step = event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null;
    if (step instanceof HTMLElement) {
      event.preventDefault();
      step.focus();
    }
  }
}
