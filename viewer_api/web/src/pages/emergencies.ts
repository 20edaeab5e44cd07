import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { panelStyles } from '../account/panel-styles.ts';
import type { Elsewhere, Emergency, GlassOutcome } from '../api/account-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { accounts, currentUser, hasRole } from '../session.ts';
import { now } from '../ui/clock.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** Access beyond one's own, for a reason and a time; and what the manager says of it afterwards. */
@customElement('emergencies-page')
export class EmergenciesPage extends AppElement {
  @state() private items: readonly Emergency[] | null = null;
  @state() private found: readonly Elsewhere[] | null = null;
  @state() private problem = '';
  #reason = '';

  static override styles = [base, controls, surfaces, tableStyles, panelStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="top"><h1>${t('emergency.title')}</h1><p>${t('emergency.lead')}</p></div>
      ${this.problem === '' ? nothing : html`<p class="notice danger" role="alert">${this.problem}</p>`}
      ${hasRole('clinic') ? this.#search() : nothing}
      ${this.items === null ? html`<p class="empty">${t('app.loading')}</p>` : this.#table(this.items)}
    </div>`;
  }

  #search(): TemplateResult {
    return html`<section class="card"><div class="body">
      <form class="line" @submit=${this.#look}>
        <label>${t('emergency.patient_id')}<input name="patient_id" autocomplete="off" /></label>
        <span class="muted">${t('emergency.or')}</span>
        <label>${t('emergency.name')}<input name="name" autocomplete="off" /></label>
        <label>${t('emergency.birth_date')}<input name="birth_date" type="date" /></label>
        <label>${t('emergency.reason')}<input name="reason" required minlength="4" size="36" /></label>
        <button class="primary" data-testid="emergency-search">${t('emergency.search')}</button>
      </form>
      ${this.found === null ? nothing : this.found.length === 0 ? html`<p class="muted">${t('emergency.nothing')}</p>` : this.#elsewhere(this.found)}
    </div></section>`;
  }

  #elsewhere(found: readonly Elsewhere[]): TemplateResult {
    return html`<table><tbody>
      ${found.map(
        (one) => html`<tr data-testid="elsewhere">
          <td>${word('modality', one.modality)} ${one.body_part}</td>
          <td>${localName(one.institution_name, one.institution_name_en)}</td>
          <td class="num">${moment(one.examined_at, now.value)}</td>
          <td class="right"><button class="small danger" @click=${() => this.#open(one.study_instance_uid)}>${t('emergency.open')}</button></td>
        </tr>`,
      )}
    </tbody></table>`;
  }

  #table(items: readonly Emergency[]): TemplateResult {
    if (items.length === 0) return html`<p class="empty">${t('emergency.none')}</p>`;
    const heads = ['when', 'who', 'study', 'reason', 'outcome'] as const;
    return html`<section class="card">
      <table>
        <thead><tr>${heads.map((head) => html`<th scope="col">${t(`emergency.${head}`)}</th>`)}<th></th></tr></thead>
        <tbody>${items.map((one) => this.#row(one))}</tbody>
      </table>
    </section>`;
  }

  #row(one: Emergency): TemplateResult {
    return html`<tr data-testid="emergency">
      <td class="num">${moment(one.opened_at, now.value)}<small>${one.live ? t('emergency.live', { at: moment(one.ends_at, now.value) }) : t('emergency.over')}</small></td>
      <td>${one.name}<small>${localName(one.user_institution_name, one.user_institution_name_en)}</small></td>
      <td>${word('modality', one.modality)}<small>${localName(one.institution_name, one.institution_name_en)}</small></td>
      <td>${one.reason}</td>
      <td>${one.outcome === '' ? t('emergency.waiting') : t(`emergency.outcome.${one.outcome}`)}<small>${one.note}</small></td>
      <td class="right">${this.#actions(one)}</td>
    </tr>`;
  }

  #actions(one: Emergency): TemplateResult {
    const mine = one.username === currentUser()?.username;
    const reviews = hasRole('manager', 'admin') && !mine && one.outcome === '';
    return html`${mine && one.live && hasRole('clinic') ? html`<a class="button small" href=${links.clinicStudy(one.study_instance_uid)}>${t('emergency.look')}</a>` : nothing}
    ${mine && one.live ? html`<button class="small" @click=${() => this.#try(async () => void (await accounts.endEmergency(one.id)))}>${t('emergency.end')}</button>` : nothing}
    ${reviews ? html`<button class="small" data-testid="emergency-review" @click=${() => void this.#review(one)}>${t('emergency.review')}</button>` : nothing}`;
  }

  async #load(): Promise<void> {
    try {
      this.items = (await accounts.emergencies()).items;
    } catch (error) {
      this.problem = inWords(error);
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      this.problem = '';
      await work();
    } catch (error) {
      this.problem = inWords(error);
    }
    await this.#load();
  }

  #look(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const { reason = '', ...known } = Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
    this.#reason = reason;
    void this.#try(async () => {
      this.found = (await accounts.searchElsewhere({ ...known, reason })).items;
    });
  }

  #open(study: string): void {
    void this.#try(async () => {
      const opened = await accounts.openEmergency(study, this.#reason);
      notify(t('emergency.opened', { at: moment(opened.ends_at, now.value) }), 'ok');
      this.found = null;
    });
  }

  async #review(one: Emergency): Promise<void> {
    const outcomes = (['justified', 'unjustified'] as const).map((value) => ({ value, label: t(`emergency.outcome.${value}`) }));
    const answers = await ask({
      title: t('emergency.review'),
      text: one.reason,
      fields: [
        { name: 'outcome', label: t('emergency.outcome'), kind: 'select', required: true, choices: outcomes },
        { name: 'note', label: t('emergency.note'), kind: 'textarea' },
      ],
    });
    if (answers === null) return;
    await this.#try(async () => void (await accounts.reviewEmergency(one.id, answers['outcome'] as GlassOutcome, answers['note'] ?? '')));
  }
}
