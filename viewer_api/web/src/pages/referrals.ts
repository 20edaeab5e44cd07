import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { inWords } from '../i18n/errors.ts';
import { localName, t, type MessageKey } from '../i18n/index.ts';
import { personName } from '../lib/patient.ts';
import { fullMoment } from '../lib/time.ts';
import { stepsFrom, type Referral, type ReferralStep } from '../referrals/referrals-api.ts';
import { hasRole, referrals } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../ui/connection-banner.ts';

const LOOK_AGAIN_MS = 20_000;

/** Patients who were sent on: who takes them, whether they came, and what became of them. */
@customElement('referrals-page')
export class ReferralsPage extends AppElement {
  @state() private running = true;
  @state() private rows: readonly Referral[] | null = null;
  @state() private error: unknown = null;
  @state() private busy = false;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 10px;
        max-width: 1100px;
        margin: 0 auto;
        padding: 16px;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      h1 {
        margin-right: auto;
        font-size: 18px;
        font-weight: 600;
      }
      article {
        display: grid;
        gap: 6px;
        padding: 12px 14px;
      }
      header,
      footer {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 4px 12px;
      }
      header strong {
        font-size: 16px;
      }
      .state {
        margin-left: auto;
        font-weight: 600;
      }
      .late {
        color: var(--danger);
        font-weight: 600;
      }
      .events {
        color: var(--muted);
        font-size: 13px;
      }
      @media (max-width: 720px) {
        .page {
          padding: 8px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), LOOK_AGAIN_MS);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <div class="bar">
          <h1>${t('referrals.title')}</h1>
          ${this.#tab(true)} ${this.#tab(false)}
        </div>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.rows === null && this.error === null ? html`<p class="empty">${t('app.loading')}</p>` : nothing}
        ${this.rows?.length === 0 ? html`<p class="card empty" data-testid="referrals-empty">${t('referrals.none')}</p>` : nothing}
        ${(this.rows ?? []).map((row) => this.#card(row))}
      </div>`;
  }

  #tab(running: boolean): TemplateResult {
    const pick = (): void => {
      this.running = running;
      this.rows = null;
      void this.#load();
    };
    return html`<button class="small quiet" aria-pressed=${this.running === running} @click=${pick}>
      ${t(running ? 'referrals.running' : 'referrals.all')}
    </button>`;
  }

  #card(row: Referral): TemplateResult {
    const takes = hasRole('radiologist', 'auditor', 'manager');
    const ended = row.state === 'fed_back' || row.state === 'cancelled';
    return html`<article class="card" data-testid="referral" data-state=${row.state}>
      <header>
        <strong>${personName(row.patient.name)}</strong>
        <span class="muted">${localName(row.institution_name, row.institution_name_en)} · ${row.modality}</span>
        <span class="state">${t(`referrals.state.${row.state}` as MessageKey)}</span>
      </header>
      <p>${row.reason}${row.destination ? html` <span class="muted">→ ${row.destination}</span>` : nothing}</p>
      ${ended ? nothing : html`<p class=${row.overdue_at ? 'late' : 'muted'}>${t('referrals.due', { at: fullMoment(row.end_due_at) })}
        ${row.overdue_at ? t('referrals.overdue') : row.unanswered_at && row.state === 'open' ? html`<span class="late">${t('referrals.unanswered')}</span>` : nothing}</p>`}
      <ul class="events">
        ${row.events.map((one) => html`<li>${fullMoment(one.at)} ${one.actor} ${t(`referrals.action.${one.action}` as MessageKey)}${one.action === 'open' || one.words === '' ? nothing : html`：${one.words}`}</li>`)}
      </ul>
      <footer>
        ${stepsFrom(row.state, takes).map(
          (step) =>
            html`<button class="small" data-testid="referral-${step}" ?disabled=${this.busy} @click=${() => this.#step(row, step)}>
              ${t(`referrals.step.${step}` as MessageKey)}
            </button>`,
        )}
      </footer>
    </article>`;
  }

  async #load(): Promise<void> {
    const running = this.running;
    try {
      const { items } = await referrals.list(running);
      if (running !== this.running) return;
      this.rows = items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #step(row: Referral, step: ReferralStep): Promise<void> {
    const answers = await ask({
      title: `${t(`referrals.step.${step}` as MessageKey)} · ${personName(row.patient.name)}`,
      fields: [
        {
          name: 'words',
          label: t('referrals.words'),
          kind: 'textarea',
          required: step === 'feed_back' || step === 'cancel',
        },
      ],
    });
    if (answers === null) return;
    this.busy = true;
    try {
      await referrals.step(row.id, step, answers['words'] ?? '');
      notify(t('referrals.done'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
      await this.#load();
    }
  }
}
