import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Action, Task } from '../api/types.ts';
import { localName, t, type MessageKey } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { examMoment, moment } from '../lib/time.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import type { KeysHelp } from '../viewer/keys-help.ts';
import { KEY_MAP } from './case-keys.ts';
import '../worklist/exam-words.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import { studyBarStyles } from './study-bar-styles.ts';
import '../critical/critical-button.ts';
import '../ui/due-clock.ts';
import '../viewer/keys-help.ts';

/** Actions of the menu, in its order. */
const MENU: readonly (readonly [Action, MessageKey])[] = [
  ['prioritise', 'report.prioritise'],
  ['release', 'report.release'],
  ['recall', 'report.recall'],
  ['reconcile', 'report.reconcile'],
  ['reread', 'report.reread'],
  ['amend', 'report.amend.action'],
  ['withdraw', 'report.withdraw'],
  ['decline', 'report.decline'],
  ['cancel', 'report.cancel'],
];

/** Whose study is on screen, until when, and whether it is ours. Fires `go-back`, `act` with an action. */
@customElement('study-bar')
export class StudyBar extends AppElement {
  @property({ attribute: false }) task!: Task;
  @property({ attribute: false }) lease: LeaseKeeper | null = null;
  /** Changes with the lease, which is the same object for its whole life. */
  @property() leaseState = '';
  @state() private menuOpen = false;

  static override styles = [base, controls, badgeStyles, studyBarStyles];

  constructor() {
    super();
    this.watch(now);
  }

  showKeys(): void {
    this.renderRoot.querySelector<KeysHelp>('keys-help')?.open();
  }

  override render(): TemplateResult {
    const task = this.task;
    return html`
      <button class="quiet back" title=${t('read.back.hint')} data-testid="back" @click=${() => this.tell('go-back')}>
        ${icon('back')}<span>${t('read.back')}</span>
      </button>
      <div class="who">
        <b class="truncate" data-testid="patient-name">${personName(task.patient.name)}</b>
        <span class="num">${sexAge(task.patient)}</span>
        <span class="id num truncate" title=${t('read.id')}>${task.patient.id}</span>
      </div>
      <div class="what">
        <span class="line">
          ${priorityBadge(task.priority)} ${modalityBadge(task.modality)}
          <exam-words .uid=${task.study_instance_uid} .exam=${task}></exam-words>
        </span>
        <small class="truncate num">
          ${this.#origin()}
        </small>
      </div>
      <due-clock .task=${task}></due-clock>
      <div class="lease">${this.#lease()}</div>
      <critical-button .study=${task.study_instance_uid} .modality=${task.modality}></critical-button>
      <keys-help .page=${KEY_MAP}></keys-help>
      ${this.#menu()}
    `;
  }

  #origin(): string {
    const task = this.task;
    const clinic = localName(task.institution_name, task.institution_name_en);
    const examined = examMoment(task, '');
    return [clinic, task.device, examined].filter((part) => part !== '').join(' · ');
  }

  #lease(): TemplateResult {
    const lease = this.lease;
    if (lease === null) return stateMark(this.task.state);
    if (lease.state === 'lost') return html`<span class="lost">${icon('warning', 16)}${t('read.lease.lost')}</span>`;
    if (lease.state === 'unsure') return html`<span class="unsure">${icon('warning', 16)}${t('read.lease.unsure')}</span>`;
    const at = moment(lease.lease.expiresAt, now.value);
    return html`<span class="held" data-testid="lease">${icon('lock', 15)}${t('read.lease.held', { at })}</span>`;
  }

  #menu(): TemplateResult | typeof nothing {
    const entries = MENU.filter(([action]) => this.task.allowed_actions.includes(action));
    if (entries.length === 0) return nothing;
    return html`<div class="menu" @focusout=${this.#focusOut} @keydown=${this.#menuKey}>
      <button
        class="quiet icon"
        aria-haspopup="menu"
        aria-expanded=${this.menuOpen}
        aria-label=${t('app.more')}
        title=${t('app.more')}
        data-testid="more-actions"
        @click=${() => (this.menuOpen = !this.menuOpen)}
      >
        ${icon('more')}
      </button>
      <div role="menu" ?hidden=${!this.menuOpen}>
        ${entries.map(
          ([action, label]) =>
            html`<button role="menuitem" class="quiet" data-testid="action-${action}" @click=${() => this.#act(action)}>
              ${t(label)}
            </button>`,
        )}
      </div>
    </div>`;
  }

  #act(action: Action): void {
    this.menuOpen = false;
    this.tell('act', action);
  }

  #focusOut(event: FocusEvent): void {
    const menu = event.currentTarget as HTMLElement;
    if (!menu.contains(event.relatedTarget as Node | null)) this.menuOpen = false;
  }

  #menuKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || !this.menuOpen) return;
    event.stopPropagation();
    this.menuOpen = false;
  }
}
