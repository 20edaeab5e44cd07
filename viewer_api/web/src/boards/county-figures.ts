import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { BreachLine, CriticalClock, Part, ReaderLine, Wall } from '../api/boards-types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { ago, countdown, duration } from '../lib/time.ts';
import { links } from '../router.ts';
import { badgeStyles, modalityBadge, priorityBadge } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';
import { stepName } from './figures.ts';

const PARTS: readonly Part[] = ['upload', 'queue', 'read', 'audit', 'retake', 'delivery'];
const MOST_ON_A_WALL = 6;

/** The county's figures, on the manager's board and, larger and without links, on a wall. */
@customElement('county-figures')
export class CountyFigures extends AppElement {
  @property({ attribute: false }) wall!: Wall;
  @property({ type: Boolean, reflect: true }) large = false;

  static override styles = [
    base,
    surfaces,
    badgeStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(12, minmax(0, 1fr));
        gap: 12px;
      }
      .card {
        grid-column: span 6;
        min-width: 0;
        overflow: hidden;
      }
      .card.wide {
        grid-column: span 7;
      }
      .card.narrow {
        grid-column: span 5;
      }
      .card.third {
        grid-column: span 4;
      }
      @media (max-width: 900px) {
        .card,
        .card.wide,
        .card.narrow,
        .card.third {
          grid-column: 1 / -1;
        }
      }
      .card > header {
        padding: 8px 14px;
      }
      header b {
        margin-left: auto;
        font-size: 16px;
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
        padding: 5px 10px;
        border-top: 1px solid var(--line);
        text-align: right;
        white-space: nowrap;
      }
      thead th {
        border-top: 0;
        color: var(--muted);
        font-size: 12.5px;
        font-weight: 400;
      }
      th:first-child,
      td:first-child,
      .left {
        text-align: left;
      }
      tbody th {
        font-weight: 400;
      }
      td.zero {
        color: var(--faint);
      }
      .breached {
        color: var(--danger);
        font-weight: 700;
      }
      .late {
        color: var(--late);
        font-weight: 600;
      }
      ul {
        padding: 4px 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        align-items: center;
        padding: 5px 14px;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      li .end {
        margin-left: auto;
        color: var(--muted);
      }
      li .hands {
        flex-basis: 100%;
        display: flex;
        flex-wrap: wrap;
        gap: 2px 14px;
        color: var(--muted);
        font-size: 13px;
      }
      :host(:not([large])) ul {
        max-height: 236px;
        overflow-y: auto;
      }
      .none {
        padding: 12px 14px;
        color: var(--muted);
      }
      .lost {
        display: flex;
        height: 14px;
        margin: 8px 14px 4px;
        border-radius: 3px;
        overflow: hidden;
        background: var(--raised);
      }
      .lost span {
        min-width: 2px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 12px;
        padding: 0 14px 6px;
        color: var(--muted);
        font-size: 12.5px;
      }
      .legend i {
        display: inline-block;
        width: 9px;
        height: 9px;
        margin-right: 5px;
        border-radius: 2px;
      }
      .upload {
        background: #6b7f99;
      }
      .queue {
        background: #c4803a;
      }
      .read {
        background: #2f7fb8;
      }
      .audit {
        background: #7a62b0;
      }
      .retake {
        background: #b0566b;
      }
      .delivery {
        background: #4a9472;
      }
      :host([large]) {
        font-size: 22px;
        gap: 18px;
      }
      :host([large]) h2 {
        font-size: 22px;
      }
      :host([large]) header b {
        font-size: 34px;
      }
      :host([large]) td,
      :host([large]) tbody th {
        padding: 7px 14px;
        font-size: 26px;
      }
      :host([large]) thead th,
      :host([large]) .legend,
      :host([large]) li .hands,
      :host([large]) .badge {
        font-size: 18px;
      }
      :host([large]) .lost {
        height: 26px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`${this.#classes()} ${this.#critical()} ${this.#readers()} ${this.#breaches()} ${this.#backlog()} ${this.#silent()}`;
  }

  #classes(): TemplateResult {
    const { steps, classes } = this.wall;
    const open = classes.reduce((sum, line) => sum + line.open, 0);
    return html`<section class="card wide" data-testid="board-classes">
      <header><h2>${t('board.open')}</h2><b class="num">${open}</b></header>
      <div class="scroll" tabindex="0" role="group" aria-label=${t('board.open')}><table>
        <thead>
          <tr>
            <th scope="col">${t('board.class')}</th>
            ${steps.map((step) => html`<th scope="col">${stepName(step)}</th>`)}
            <th scope="col">${t('board.sum')}</th>
          </tr>
        </thead>
        <tbody>
          ${classes.map(
            (line) => html`<tr data-priority=${line.priority}>
              <th scope="row">${priorityBadge(line.priority)} ${line.priority}</th>
              ${steps.map((step) => this.#count(step, line.steps[step] ?? 0))}
              <td class="num">${line.open}</td>
            </tr>`,
          )}
        </tbody>
      </table></div>
    </section>`;
  }

  #count(step: string, tasks: number): TemplateResult {
    const kind = tasks === 0 ? 'zero' : step === 'breached' || step === 'late' ? step : '';
    return html`<td class="num ${kind}" data-step=${step}>${tasks}</td>`;
  }

  #critical(): TemplateResult {
    const { critical } = this.wall;
    return html`<section class="card narrow" data-testid="board-critical">
      <header><h2>${t('board.critical')}</h2><b class="num ${critical.some(({ overdue }) => overdue) ? 'breached' : ''}">${critical.length}</b></header>
      ${critical.length === 0 ? html`<p class="none">${t('board.critical.none')}</p>` : html`<ul>${this.#first(critical).map((one) => this.#clock(one))}</ul>`}
    </section>`;
  }

  #clock(one: CriticalClock): TemplateResult {
    const left = one.due_at === null ? null : Date.parse(one.due_at) - now.value;
    const place = localName(one.institution_name, one.institution_name_en);
    return html`<li>
      ${modalityBadge(one.modality)} ${this.large ? place : html`<a href=${links.critical(one.id)}>${place}</a>`}
      <span class="muted">${word('critical.state', one.state)}</span>
      ${left === null ? nothing : html`<span class="end num ${left < 0 ? 'breached' : ''}">${left < 0 ? t('board.over', { time: countdown(left) }) : countdown(left)}</span>`}
    </li>`;
  }

  #readers(): TemplateResult {
    const { readers } = this.wall;
    return html`<section class="card" data-testid="board-readers">
      <header><h2>${t('board.readers')}</h2><b class="num">${readers.filter(({ on_duty }) => on_duty).length}</b></header>
      ${readers.length === 0 ? html`<p class="none">${t('board.readers.none')}</p>` : html`<ul>${readers.map((one) => this.#reader(one))}</ul>`}
    </section>`;
  }

  #reader(one: ReaderLine): TemplateResult {
    const duty = one.on_duty ? one.shift : one.on_call ? t('board.on_call', { shift: one.shift }) : t('board.off_duty');
    return html`<li data-reader=${one.username}>
      <b>${one.name}</b> <span class="muted">${duty}</span>
      <span class="end num">${t('board.load', { hand: one.in_hand.length, kept: one.kept, cases: one.cases_today, rvu: one.rvu_today.toFixed(1) })}</span>
      ${one.in_hand.length === 0
        ? nothing
        : html`<span class="hands">${one.in_hand.map((hand) => {
            const what = html`${hand.priority} ${word('modality', hand.modality)} · ${localName(hand.institution_name, hand.institution_name_en)} · ${word('state', hand.state)} ${duration(now.value - Date.parse(hand.since))}`;
            return this.large ? html`<span>${what}</span>` : html`<a href=${links.read(hand.task_id, true)}>${what}</a>`;
          })}</span>`}
    </li>`;
  }

  #breaches(): TemplateResult {
    const { breaches, lost } = this.wall;
    const whole = PARTS.reduce((sum, part) => sum + (lost[part] ?? 0), 0);
    return html`<section class="card" data-testid="board-breaches">
      <header><h2>${t('board.breaches')}</h2><b class="num ${breaches.length > 0 ? 'breached' : ''}">${breaches.length}</b></header>
      ${breaches.length === 0
        ? html`<p class="none">${t('board.breaches.none')}</p>`
        : html`<div class="lost" role="img" aria-label=${t('board.lost')}>
              ${PARTS.filter((part) => lost[part] > 0).map((part) => html`<span class=${part} style="flex-grow:${lost[part]}" title=${word('board.part', part)}></span>`)}
            </div>
            <div class="legend">
              ${PARTS.filter((part) => lost[part] > 0).map((part) => html`<span><i class=${part}></i>${word('board.part', part)} ${duration(lost[part] * 1000)} · ${Math.round((lost[part] / whole) * 100)}%</span>`)}
            </div>
            <ul>${this.#first(breaches).map((one) => this.#breach(one))}</ul>`}
    </section>`;
  }

  #breach(one: BreachLine): TemplateResult {
    const over = (one.signed_at === null ? now.value : Date.parse(one.signed_at)) - Date.parse(one.limit_at);
    const place = localName(one.institution_name, one.institution_name_en);
    return html`<li data-task=${one.task_id}>
      ${priorityBadge(one.priority)} ${modalityBadge(one.modality)}
      ${this.large ? place : html`<a href=${links.read(one.task_id, true)}>${place}</a>`}
      <span class="muted">${one.longest === null ? '' : t('board.longest', { part: word('board.part', one.longest) })}</span>
      <span class="end num ${one.signed_at === null ? 'breached' : ''}">${t(one.signed_at === null ? 'board.over' : 'board.was_over', { time: duration(over) })}</span>
    </li>`;
  }

  #backlog(): TemplateResult {
    const { backlog } = this.wall;
    return html`<section class="card" data-testid="board-backlog">
      <header><h2>${t('board.backlog')}</h2></header>
      ${backlog.length === 0
        ? html`<p class="none">${t('board.backlog.none')}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label=${t('board.backlog')}><table>
            <thead>
              <tr><th scope="col">${t('board.modality')}</th><th scope="col">${t('board.waiting')}</th><th scope="col">${t('board.in_hand')}</th><th scope="col">${t('board.step.paused')}</th><th scope="col">${t('board.step.breached')}</th></tr>
            </thead>
            <tbody>
              ${backlog.map(
                (line) => html`<tr>
                  <th scope="row">${word('modality', line.modality)}</th>
                  ${[line.waiting, line.in_hand, line.paused].map((n) => html`<td class="num ${n === 0 ? 'zero' : ''}">${n}</td>`)}
                  <td class="num ${line.breached === 0 ? 'zero' : 'breached'}">${line.breached}</td>
                </tr>`,
              )}
            </tbody>
          </table></div>`}
    </section>`;
  }

  #silent(): TemplateResult {
    const { silent, silent_hours } = this.wall;
    return html`<section class="card" data-testid="board-silent">
      <header><h2>${t('board.silent', { n: silent_hours })}</h2><b class="num">${silent.length}</b></header>
      ${silent.length === 0
        ? html`<p class="none">${t('board.silent.none')}</p>`
        : html`<ul>${this.#first(silent).map(
            (one) => html`<li>
              ${this.large ? html`<b>${one.ae_title}</b>` : html`<a href=${links.devices}>${one.ae_title}</a>`}
              <span class="muted">${localName(one.institution_name, one.institution_name_en)}</span>
              <span class="end num">${one.last_seen_at === null ? t('board.never') : ago(one.last_seen_at, now.value)}</span>
            </li>`,
          )}</ul>`}
    </section>`;
  }

  /** A wall does not scroll. */
  #first<T>(items: readonly T[]): readonly T[] {
    return this.large ? items.slice(0, MOST_ON_A_WALL) : items;
  }
}
