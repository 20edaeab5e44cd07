import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { onChange, reportReachable } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Report, Result, StudyDetail } from '../api/types.ts';
import { doubt, expectation } from '../clinic/expected.ts';
import { progress } from '../clinic/progress.ts';
import { ResultsBox } from '../clinic/results-box.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { lasting } from '../lib/storage.ts';
import { examMoment, moment } from '../lib/time.ts';
import { mismatchWords } from '../reading/course-notes.ts';
import { askReason } from '../reading/questions.ts';
import { links } from '../router.ts';
import { api, currentUser } from '../session.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../worklist/exam-words.ts';
import { clinicStudyStyles } from './clinic-study-styles.ts';
import { startFor } from '../green/start-case.ts';
import { refer } from '../referrals/refer.ts';
import '../clinic/clinic-request.ts';
import '../account/share-button.ts';
import '../clinic/study-progress.ts';
import '../quality/retake-orders.ts';
import '../notes/study-conversation.ts';
import '../report/report-view.ts';
import '../critical/critical-button.ts';
import '../ui/connection-banner.ts';
import '../viewer/study-viewer.ts';

const CHANGES_MS = 400;
const LOOK_AGAIN_MS = 4000;

/** One study for the clinic: where it stands, its report, its images, and what the reader wants. */
@customElement('clinic-study-page')
export class ClinicStudyPage extends AppElement {
  @property() uid = '';
  @state() private study: StudyDetail | null = null;
  @state() private report: Report | null = null;
  /** The version before, once it was asked for. */
  @state() private earlier: Report | null = null;
  @state() private unread: Result | null = null;
  @state() private error: unknown = null;
  @state() private busy = false;
  @state() private asked: string | null = null;

  readonly #box = new ResultsBox(api, lasting, currentUser()?.institution ?? '');
  readonly #refresh = debounce(() => void this.#load(), CHANGES_MS, 4 * CHANGES_MS);
  #later: ReturnType<typeof setTimeout> | undefined;
  #stop = (): void => undefined;

  static override styles = [base, controls, surfaces, badgeStyles, clinicStudyStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['studies', 'tasks', 'results'], this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
    clearTimeout(this.#later);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('uid')) return;
    this.study = this.report = this.earlier = this.unread = null;
    void this.#load();
  }

  override render(): TemplateResult {
    const study = this.study;
    return html`<connection-banner></connection-banner>
      <div class="page">
        <a class="back" href=${links.clinic}>${icon('back', 16)}${t('study.back')}</a>
        ${study === null ? html`<p class="empty">${this.error === null ? t('app.loading') : inWords(this.error)}</p>` : this.#body(study)}
      </div>`;
  }

  #body(study: StudyDetail): TemplateResult {
    return html`
      ${this.#head(study)}
      <retake-orders .study=${study.study_instance_uid}></retake-orders>
      ${this.#course(study)}
      ${study.request === null
        ? nothing
        : html`<clinic-request
            .request=${study.request}
            .study=${study.study_instance_uid}
            .series=${study.series_list}
            .busy=${this.busy}
            @answer=${(event: CustomEvent<string>) => this.#answer(study, event.detail)}
            @waive=${() => this.#waive(study)}
          ></clinic-request>`}
      <div class="columns">
        <section class="card report">
          <header>
            <h2>${t('report.title')}</h2>
            <span style="flex:1"></span>
            ${this.#receipt(study)}
          </header>
          <div class="body">
            ${this.report === null
              ? html`<p class="muted">${t(study.state === 'cancelled' ? 'study.cancelled' : study.state === 'declined' ? 'study.declined' : 'report.waiting')}</p>`
              : html`<report-view
                  .report=${this.report}
                  .earlier=${this.earlier}
                  @show-changes=${(event: CustomEvent<number>) => this.#showChanges(study, event.detail)}
                  @pick-version=${(event: CustomEvent<number>) => this.#readReport(study, event.detail)}
                ></report-view>`}
            <study-conversation .uid=${study.study_instance_uid}></study-conversation>
          </div>
        </section>
        <section class="card images" aria-label=${t('study.images')}>
          <study-viewer .study=${study}></study-viewer>
          <share-button .uid=${study.study_instance_uid}></share-button>
        </section>
      </div>
    `;
  }

  /** What the clinic must know besides: a hospital is asked, the images contradict the order, the report is preliminary. */
  #course(study: StudyDetail): TemplateResult | typeof nothing {
    const task = study.tasks.find(({ id }) => id === study.task_id);
    if (task?.state === 'recon_hold') {
      return html`<section class="card head" role="alert" data-testid="study-held">
        <p class="notice danger">${icon('warning')}<span>${t('study.held', { parts: mismatchWords(task.mismatch) })}</span></p>
        <button class="primary" data-testid="study-reconcile" ?disabled=${this.busy} @click=${() => this.#reconcile(task.id)}>
          ${t('study.reconcile')}
        </button>
      </section>`;
    }
    if (this.asked !== null) return html`<p class="notice info" data-testid="study-consulted">${t('study.consulted', { hospital: this.asked })}</p>`;
    if (this.report?.kind !== 'preliminary') return nothing;
    return html`<p class="notice warn" data-testid="study-preliminary">${t('study.preliminary')}</p>`;
  }

  async #reconcile(taskId: number): Promise<void> {
    const reason = await askReason('ask.reconcile', { text: 'ask.reconcile.text' });
    if (reason === null) return;
    await this.#working(async () => {
      await api.reconcile(taskId, reason);
      notify(t('study.reconciled'), 'ok');
    });
  }

  #head(study: StudyDetail): TemplateResult {
    const expected = expectation(study, now.value);
    const incomplete = study.state === 'receiving' ? '' : doubt(study);
    return html`<section class="card head" data-testid="clinic-study" data-state=${study.state}>
      <div class="title">
        <h1>${personName(study.patient.name)}</h1>
        <span class="num">${sexAge(study.patient)}</span>
        <span class="muted num">${study.patient.id}</span>
        ${modalityBadge(study.modality)} <exam-words .uid=${study.study_instance_uid} .exam=${study}></exam-words>
        ${study.priority === 'P0' || study.priority === 'P1' ? priorityBadge(study.priority) : nothing}
        <span class="muted num">${study.device} · ${examMoment(study, '–')}</span>
        ${study.priority === 'P0'
          ? nothing
          : html`<button class="small" data-testid="study-green" @click=${() => this.#greenChannel(study)}>${t('app.green')}</button>`}
        <button class="small" data-testid="study-refer" @click=${() => refer(study.study_instance_uid, personName(study.patient.name))}>${t('referrals.send')}</button>
        <critical-button .study=${study.study_instance_uid} .modality=${study.modality}></critical-button>
        <span class="where">
          <b>${stateMark(study.state, 'clinic_state')}</b>
          ${expected === '' ? nothing : html`<small class="muted num" data-testid="study-expected">${expected}</small>`}
          ${incomplete === '' ? nothing : html`<small class="num" data-testid="may-be-incomplete">${incomplete}</small>`}
        </span>
      </div>
      ${study.state === 'cancelled' || study.state === 'declined'
        ? nothing
        : html`<study-progress .steps=${progress(study, this.report?.signed_at ?? null)}></study-progress>`}
    </section>`;
  }

  #receipt(study: StudyDetail): TemplateResult | typeof nothing {
    const unread = this.unread;
    if (unread !== null) {
      return html`<button class="primary" data-testid="report-receipt" ?disabled=${this.busy} @click=${() => this.#receive(unread)}>
        ${icon('check')}${t('clinic.received')}
      </button>`;
    }
    const task = study.tasks.find(({ id }) => id === study.task_id);
    if (task?.state !== 'delivered') return nothing;
    const at = moment(task.state_since, now.value);
    return html`<span class="received" data-testid="report-received">${icon('check', 16)}${t('clinic.received.done.short', { at })}</span>`;
  }

  async #greenChannel(study: StudyDetail): Promise<void> {
    if (await startFor(study)) await this.#load();
  }

  async #load(): Promise<void> {
    try {
      const study = await api.study(this.uid);
      await Promise.all([this.#readReport(study), this.#box.refresh()]);
      this.asked = study.state === 'consult' && study.task_id !== null ? await askedHospital(study.task_id) : null;
      this.study = study;
      this.unread = this.#box.unreadOf(study.study_instance_uid);
      this.error = null;
      reportReachable(true);
      this.#lookAgain(study);
    } catch (error) {
      this.error = error;
      if (error instanceof ApiError) reportReachable(!error.isUnreachable);
    }
  }

  #lookAgain(study: StudyDetail): void {
    clearTimeout(this.#later);
    const missing = study.series_list.some(({ kind, preview }) => kind === 'ecg' && preview === null);
    const coming = study.state === 'receiving';
    if ((missing || coming) && this.isConnected) this.#later = setTimeout(() => void this.#load(), LOOK_AGAIN_MS);
  }

  async #readReport(study: StudyDetail, version?: number): Promise<void> {
    this.report = study.report_id === null ? null : await api.report(study.report_id, version);
  }

  async #showChanges(study: StudyDetail, version: number): Promise<void> {
    try {
      this.earlier = study.report_id === null ? null : await api.report(study.report_id, version);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  async #receive(result: Result): Promise<void> {
    await this.#working(() => this.#box.confirm(result));
  }

  async #answer(study: StudyDetail, text: string): Promise<void> {
    await this.#working(async () => {
      await api.answer(study.task_id!, text);
      notify(t('study.answer.sent'), 'ok');
    });
  }

  async #waive(study: StudyDetail): Promise<void> {
    const reason = await askReason('study.retake.waive');
    if (reason === null) return;
    await this.#working(async () => {
      await api.waiveRetake(study.task_id!, reason);
      notify(t('study.retake.waived'), 'ok');
    });
  }

  async #working(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await work();
      await this.#load();
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  }
}

/** The name of the hospital that is asked about the case now. */
async function askedHospital(taskId: number): Promise<string | null> {
  const { consultations } = await api.task(taskId);
  const open = consultations?.find(({ state: where }) => where === 'asked' || where === 'accepted');
  return open === undefined ? null : localName(open.hospital_name, open.hospital_name_en);
}
