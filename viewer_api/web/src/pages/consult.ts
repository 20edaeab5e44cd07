import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Asked, AskedDetail } from '../api/consult-types.ts';
import type { StudyDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { fullMoment, moment } from '../lib/time.ts';
import { askReason } from '../reading/questions.ts';
import { go, links } from '../router.ts';
import { api } from '../session.ts';
import { badgeStyles, modalityBadge, priorityBadge } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../ui/connection-banner.ts';
import '../viewer/study-viewer.ts';
import { consultStyles } from './consult-styles.ts';

const LOOK_AGAIN_MS = 20_000;

/** What an upper-level hospital is asked: its list, and one study with a box for the opinion. */
@customElement('consult-page')
export class ConsultPage extends AppElement {
  /** 0 for the list. */
  @property({ type: Number }) consultation = 0;
  @state() private everything = false;
  @state() private items: readonly Asked[] | null = null;
  @state() private shown: AskedDetail | null = null;
  @state() private study: StudyDetail | null = null;
  @state() private opinion = '';
  @state() private error: unknown = null;
  @state() private busy = false;

  static override styles = [base, controls, surfaces, badgeStyles, consultStyles];

  constructor() {
    super();
    this.watch(now);
    this.repeat(() => void this.#list(), LOOK_AGAIN_MS);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('consultation')) return;
    this.shown = this.study = null;
    this.opinion = '';
    this.error = null;
    void (this.consultation === 0 ? this.#list() : this.#open());
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.consultation === 0 ? this.#table() : this.#case()}`;
  }

  #table(): TemplateResult {
    const items = this.items;
    return html`<div class="page">
      <section class="card">
        <header>
          <h1>${t('consult.title')}</h1>
          ${this.#tab(false, t('consult.open'))} ${this.#tab(true, t('consult.all'))}
        </header>
        ${items === null
          ? html`<p class="empty">${t('app.loading')}</p>`
          : items.length === 0
            ? html`<p class="empty" data-testid="consult-empty">${t('consult.empty')}</p>`
            : html`<ul data-testid="consult-list">
                ${items.map((one) => this.#line(one))}
              </ul>`}
      </section>
    </div>`;
  }

  #tab(everything: boolean, name: string): TemplateResult {
    return html`<button
      aria-pressed=${this.everything === everything}
      @click=${() => {
        this.everything = everything;
        void this.#list();
      }}
    >
      ${name}
    </button>`;
  }

  #line(one: Asked): TemplateResult {
    return html`<li>
      <a href=${links.consult(one.id)} data-testid="consult-line">
        ${priorityBadge(one.priority)} ${modalityBadge(one.modality)}
        <b>${personName(one.patient.name)}</b><span class="num">${sexAge(one.patient)}</span>
        <span class="truncate">${one.description || one.body_part}</span>
        <span class="question truncate">${one.question}</span>
        <span class="muted">${localName(one.institution_name, one.institution_name_en)}</span>
        <span class="muted num">${moment(one.asked_at, now.value)}</span>
        <span class="badge">${word('consult.state', one.state)}</span>
      </a>
    </li>`;
  }

  #case(): TemplateResult {
    const one = this.shown;
    if (one === null) return html`<p class="empty">${this.error === null ? t('app.loading') : ''}</p>`;
    return html`<div class="columns">
      ${this.study === null
        ? html`<p class="empty">${t(isOpen(one) ? 'app.loading' : 'consult.ended')}</p>`
        : html`<study-viewer .study=${this.study}></study-viewer>`}
      <aside class="card">
        <a href=${links.consult()}>${t('consult.back')}</a>
        <h2>${personName(one.patient.name)} <span class="num">${sexAge(one.patient)}</span></h2>
        <p>${priorityBadge(one.priority)} ${modalityBadge(one.modality)} ${one.description || one.body_part}</p>
        <dl>
          <dt>${t('consult.asked_by')}</dt>
          <dd>${one.asked_by} · ${localName(one.institution_name, one.institution_name_en)}</dd>
          <dt>${t('consult.asked_at')}</dt>
          <dd class="num">${fullMoment(one.asked_at)}</dd>
        </dl>
        <section>
          <h3>${t('consult.question')}</h3>
          <p class="text" data-testid="consult-question">${one.question}</p>
        </section>
        ${one.draft === null
          ? nothing
          : html`<section>
              <h3>${t('consult.draft')}</h3>
              <p class="text">${one.draft.impression}</p>
              <p class="text muted">${one.draft.findings}</p>
            </section>`}
        ${isOpen(one) ? this.#answering(one) : this.#ended(one)}
      </aside>
    </div>`;
  }

  #answering(one: AskedDetail): TemplateResult {
    const off = this.busy || this.opinion.trim() === '';
    return html`<p class="muted num">${t('consult.until', { at: moment(one.expires_at, now.value) })}</p>
      ${one.mine
        ? html`<p class="notice info">${t('consult.mine')}</p>`
        : one.consultant === null
          ? html`<button data-testid="consult-accept" ?disabled=${this.busy} @click=${() => this.#accept(one)}>${t('consult.accept')}</button>`
          : html`<p class="notice warn">${t('consult.taken', { name: one.consultant })}</p>`}
      <label>
        ${t('consult.opinion')}
        <textarea
          rows="8"
          data-testid="consult-opinion"
          .value=${this.opinion}
          @input=${(event: InputEvent) => (this.opinion = (event.target as HTMLTextAreaElement).value)}
        ></textarea>
      </label>
      <div class="buttons">
        <button class="primary" data-testid="consult-send" ?disabled=${off} @click=${() => this.#send(one)}>${t('consult.send')}</button>
        <button class="quiet" data-testid="consult-decline" ?disabled=${this.busy} @click=${() => this.#decline(one)}>
          ${t('consult.decline')}
        </button>
      </div>`;
  }

  #ended(one: AskedDetail): TemplateResult {
    return html`<section>
      <h3>${word('consult.state', one.state)}</h3>
      <p class="text">${one.opinion}</p>
    </section>`;
  }

  async #list(): Promise<void> {
    if (this.consultation !== 0) return;
    try {
      this.items = (await api.asked(!this.everything)).items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #open(): Promise<void> {
    try {
      const shown = await api.askedDetail(this.consultation);
      this.shown = shown;
      this.study = isOpen(shown) ? await api.study(shown.study_instance_uid) : null;
    } catch (error) {
      this.error = error;
    }
  }

  async #accept(one: AskedDetail): Promise<void> {
    await this.#working(async () => {
      await api.acceptConsultation(one.id);
      await this.#open();
    });
  }

  async #send(one: AskedDetail): Promise<void> {
    await this.#working(async () => {
      await api.giveOpinion(one.id, this.opinion);
      notify(t('consult.sent'), 'ok');
      go(links.consult());
    });
  }

  async #decline(one: AskedDetail): Promise<void> {
    const reason = await askReason('consult.decline', { danger: true });
    if (reason === null) return;
    await this.#working(async () => {
      await api.declineConsultation(one.id, reason);
      notify(t('consult.declined'), 'ok');
      go(links.consult());
    });
  }

  async #working(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  }
}

function isOpen(one: Asked): boolean {
  return one.state === 'asked' || one.state === 'accepted';
}
