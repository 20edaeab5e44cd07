import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { CriticalCase } from '../api/critical-types.ts';
import type { User } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { patientLine, personName } from '../lib/patient.ts';
import { duration } from '../lib/time.ts';
import { links } from '../router.ts';
import { criticalApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { alarmStyles } from './alarm-styles.ts';
import { AlarmSound } from './alarm-sound.ts';
import { AlarmTitle } from './alarm-title.ts';
import { openCases, refreshCases, watchCases } from './watch.ts';

const ASIDE_MS = 60_000;

/**
 * What cannot be overlooked on any page: for a clinic a dialog for each critical value that it was told, for the centre a
 * banner while suspicions wait or something is late.
 */
@customElement('critical-alarm')
export class CriticalAlarm extends AppElement {
  @property({ attribute: false }) user!: User;
  @state() private asideUntil = 0;
  @state() private busy = false;
  @state() private error = '';
  @state() private sounds = false;
  @query('dialog') private dialog!: HTMLDialogElement | null;
  readonly #sound = new AlarmSound();
  readonly #title = new AlarmTitle();
  #stop = (): void => undefined;
  #shown = 0;

  static override styles = [base, controls, alarmStyles];

  constructor() {
    super();
    this.watch(openCases);
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = watchCases();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#sound.ring(false);
    this.#title.ring(false);
  }

  get #isClinic(): boolean {
    return this.user.role === 'clinic';
  }

  get #waiting(): readonly CriticalCase[] {
    return openCases.value.filter(({ state: at, heard_at }) => at === 'notified' && heard_at === null);
  }

  override render(): TemplateResult | typeof nothing {
    return this.#isClinic ? this.#forClinic() : this.#forCentre();
  }

  protected override updated(_changed: PropertyValues): void {
    const rings = this.#isClinic && this.#waiting.length > 0;
    this.#sound.ring(rings);
    this.#title.ring(rings);
    const current = rings && now.value >= this.asideUntil ? this.#waiting[0]! : null;
    if (this.dialog !== null && current !== null && !this.dialog.open) this.dialog.showModal();
    if (this.dialog?.open && current === null) this.dialog.close();
    if (current !== null && current.id !== this.#shown) this.#begin(current.id);
    if (current === null) this.#shown = 0;
  }

  /** Another case is asked about: nothing of the one before stays in the fields. */
  #begin(id: number): void {
    this.#shown = id;
    this.error = '';
    this.dialog?.querySelector('form')?.reset();
    this.dialog?.querySelector('textarea')?.focus();
  }

  #forCentre(): TemplateResult | typeof nothing {
    const suspected = openCases.value.filter(({ state: at }) => at === 'suspected').length;
    const late = openCases.value.filter(({ due_at }) => due_at !== null && Date.parse(due_at) < now.value).length;
    if (suspected + late === 0) return nothing;
    return html`<div class="banner ${late > 0 ? 'late' : 'soon'}" role="alert" data-testid="critical-banner">
      ${icon('breached')}
      <span>${[
        suspected > 0 ? t('critical.alarm.judge', { n: suspected }) : '',
        late > 0 ? t('critical.alarm.late', { n: late }) : '',
      ].filter((part) => part !== '').join(' · ')}</span>
      <a class="button small" href=${links.critical()}>${t('critical.alarm.open')}</a>
    </div>`;
  }

  #forClinic(): TemplateResult {
    const waiting = this.#waiting;
    const untreated = openCases.value.filter(({ state: at }) => at === 'acked').length;
    return html`
      ${waiting.length === 0
        ? nothing
        : html`<div class="banner late" role="alert" data-testid="critical-banner">
            ${icon('breached')}<span>${t('critical.alarm.waiting', { n: waiting.length })}</span>
            <button class="small" @click=${() => (this.asideUntil = 0)}>${t('critical.alarm.show')}</button>
          </div>`}
      ${untreated === 0
        ? nothing
        : html`<div class="banner soon" role="status" data-testid="critical-untreated">
            ${icon('clock')}<span>${t('critical.alarm.treat', { n: untreated })}</span>
            <a class="button small" href=${links.critical()}>${t('critical.alarm.open')}</a>
          </div>`}
      <dialog aria-labelledby="title" @cancel=${this.#putAside} @keydown=${stop}>
        ${waiting[0] === undefined ? nothing : this.#question(waiting[0], waiting.length - 1)}
      </dialog>
    `;
  }

  #question(case_: CriticalCase, others: number): TemplateResult {
    const { patient } = case_;
    const since = duration(now.value - Date.parse(case_.notified_at ?? case_.state_since));
    return html`<form method="dialog" @submit=${(event: SubmitEvent) => this.#acknowledge(event, case_)}>
      <h2 id="title">${icon('breached', 24)}${t('critical.alarm.title')}</h2>
      <p class="who">
        <strong>${personName(patient.name)}</strong>
        <span class="num">${patientLine(patient)}</span>
      </p>
      <p class="finding" data-testid="critical-finding">${case_.finding}</p>
      <p class="muted">
        ${localName(case_.name, case_.name_en)} · ${case_.modality} ${case_.description}<br />
        ${t('critical.told_by')}: ${case_.notifier} · ${t('critical.since', { time: since })}
      </p>
      <label>
        <span>${t('critical.read_back')}</span>
        <textarea
          name="read_back"
          required
          maxlength="2000"
          data-testid="critical-read-back"
          placeholder=${t('critical.read_back.hint')}
        ></textarea>
      </label>
      <label>
        <span>${t('critical.receiver')}</span>
        <input name="receiver" required maxlength="64" data-testid="critical-receiver" .defaultValue=${this.user.name} />
      </label>
      ${this.error === '' ? nothing : html`<p class="notice danger" role="alert">${this.error}</p>`}
      <footer>
        <button type="button" class="quiet" ?disabled=${this.sounds} @click=${this.#allowSound}>
          ${t(this.sounds ? 'critical.alarm.sound_on' : 'critical.alarm.sound')}
        </button>
        <button type="button" @click=${this.#putAside}>${t('critical.alarm.later')}</button>
        <button class="primary danger" data-testid="critical-acknowledge" ?disabled=${this.busy}>
          ${t('critical.acknowledge')}
        </button>
      </footer>
      ${others === 0 ? nothing : html`<p class="muted">${t('critical.alarm.more', { n: others })}</p>`}
    </form>`;
  }

  async #acknowledge(event: SubmitEvent, case_: CriticalCase): Promise<void> {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    this.busy = true;
    try {
      const receiver = String(said.get('receiver')).trim();
      await criticalApi.criticalStep(case_.id, 'ack', { read_back: String(said.get('read_back')).trim(), receiver });
      openCases.set(openCases.value.filter(({ id }) => id !== case_.id));
      notify(t('critical.acknowledged'), 'ok');
    } catch (error) {
      this.error = inWords(error);
    } finally {
      this.busy = false;
      refreshCases();
    }
  }

  async #allowSound(): Promise<void> {
    await this.#sound.allow();
    this.sounds = this.#sound.isAllowed;
  }

  /** Out of the way for a minute, to look at the images; the banner stays, and the dialog comes back. */
  #putAside(event: Event): void {
    event.preventDefault();
    this.asideUntil = now.value + ASIDE_MS;
  }
}

/** Keys typed here are not the page's. */
function stop(event: KeyboardEvent): void {
  event.stopPropagation();
}
