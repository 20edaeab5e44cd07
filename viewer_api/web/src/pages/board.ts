import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Board } from '../api/boards-types.ts';
import { onChange } from '../api/live.ts';
import type { Priority, Task } from '../api/types.ts';
import '../boards/county-figures.ts';
import '../boards/wall-links.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { links } from '../router.ts';
import { boards } from '../session.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { ask } from '../ui/dialog.ts';
import '../ui/due-clock.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { examName } from '../worklist/exam-name.ts';
import '../worklist/exam-words.ts';

const PRIORITIES: readonly Priority[] = ['P0', 'P1', 'P2', 'P3'];
const GATHER_MS = 400;
const REFRESH_MS = 30_000;

/** The manager's board: what is late, who reads what, where time is lost; cases are moved from here. */
@customElement('board-page')
export class BoardPage extends AppElement {
  @state() private board: Board | null = null;
  @state() private walls = false;
  @state() private error: unknown = null;
  #stop: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        max-width: 1800px;
        margin: 0 auto;
        padding: 12px 16px;
      }
      .top {
        display: flex;
        gap: 12px;
        align-items: center;
      }
      .top h1 {
        margin-right: auto;
        font-size: 18px;
        font-weight: 600;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 6px 12px;
        border-top: 1px solid var(--line);
        text-align: left;
        white-space: nowrap;
      }
      th {
        color: var(--muted);
        font-size: 12.5px;
        font-weight: 400;
      }
      td.actions {
        text-align: right;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
    this.repeat(() => void this.#load(), REFRESH_MS);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['tasks', 'critical', 'studies'], this.#soon);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="top">
        <h1>${t('board.title')}</h1>
        <button class="small" data-testid="board-walls" aria-expanded=${this.walls} @click=${() => (this.walls = !this.walls)}>${t('walls.title')}</button>
      </div>
      ${this.walls ? html`<wall-links></wall-links>` : nothing}
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.board === null ? nothing : html`<county-figures .wall=${this.board}></county-figures>${this.#tasks(this.board)}`}
    </div>`;
  }

  #tasks(board: Board): TemplateResult {
    return html`<section class="card">
      <header>
        <h2>${t('board.tasks')}</h2>
        ${board.more_tasks ? html`<a href=${links.worklist}>${t('board.more')}</a>` : nothing}
      </header>
      ${board.tasks.length === 0
        ? html`<p class="empty">${t('board.tasks.none')}</p>`
        : html`<div class="scroll"><table data-testid="board-tasks">
            <thead>
              <tr>
                ${(['priority', 'patient', 'exam', 'clinic', 'due', 'state'] as const).map((name) => html`<th scope="col">${t(`worklist.col.${name}`)}</th>`)}
                <th scope="col"><span class="sr-only">${t('worklist.col.actions')}</span></th>
              </tr>
            </thead>
            <tbody>${board.tasks.map((task) => this.#task(task))}</tbody>
          </table></div>`}
    </section>`;
  }

  #task(task: Task): TemplateResult {
    const may = new Set<string>(task.allowed_actions);
    const holder = task.signer_name ?? task.reader_name ?? task.kept_for_name ?? '';
    return html`<tr data-testid="board-task" data-task-id=${task.id} data-state=${task.state}>
      <td>${priorityBadge(task.priority)}</td>
      <td><a href=${links.read(task.id, true)}>${personName(task.patient.name)}</a> <span class="muted">${sexAge(task.patient)}</span></td>
      <td>${modalityBadge(task.modality)} <exam-words .uid=${task.study_instance_uid} .exam=${task}></exam-words></td>
      <td>${localName(task.institution_name, task.institution_name_en)}</td>
      <td><due-clock .task=${task}></due-clock></td>
      <td>${stateMark(task.state)} <span class="muted">${holder}</span></td>
      <td class="actions">
        ${may.has('assign') ? html`<button class="small" data-testid="board-assign" @click=${() => this.#assign(task)}>${t('board.assign')}</button>` : nothing}
        ${may.has('prioritise') ? html`<button class="small" data-testid="board-prioritise" @click=${() => this.#prioritise(task)}>${t('board.prioritise')}</button>` : nothing}
      </td>
    </tr>`;
  }

  async #assign(task: Task): Promise<void> {
    const readers = (this.board?.readers ?? []).filter(({ username }) => username !== '');
    const choices = readers.map((one) => ({
      value: one.username,
      label: t('board.assign.choice', { name: one.name, duty: one.on_duty ? one.shift || t('board.on_duty') : t('board.off_duty'), hand: one.in_hand.length + one.kept }),
    }));
    const answers = await ask({
      title: t('board.assign.title', { exam: `${word('modality', task.modality)} ${examName(task)}` }),
      text: t('board.assign.text'),
      fields: [{ name: 'reader', label: t('board.assign.reader'), kind: 'select', required: true, choices, value: choices[0]?.value ?? '' }],
    });
    if (answers !== null) await this.#do(() => boards.assign(task.id, answers['reader'] ?? ''), t('board.assigned'));
  }

  async #prioritise(task: Task): Promise<void> {
    const choices = PRIORITIES.filter((one) => one !== task.priority).map((value) => ({ value, label: `${value} ${t(`priority.${value}`)}` }));
    const answers = await ask({
      title: t('board.prioritise.title', { priority: `${task.priority} ${t(`priority.${task.priority}`)}` }),
      fields: [
        { name: 'priority', label: t('board.class'), kind: 'select', required: true, choices, value: choices[0]?.value ?? '' },
        { name: 'reason', label: t('board.reason'), kind: 'text', required: true },
      ],
    });
    if (answers === null) return;
    await this.#do(() => boards.prioritise(task.id, answers['priority'] as Priority, answers['reason'] ?? ''), t('board.prioritised'));
  }

  async #do(call: () => Promise<unknown>, done: string): Promise<void> {
    try {
      await call();
      notify(done, 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  /** Changes come in groups; one question answers a group. */
  #soon = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#load();
    }, GATHER_MS);
  };

  async #load(): Promise<void> {
    try {
      this.board = await boards.board();
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}
