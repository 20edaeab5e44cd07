import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t, word } from '../i18n/index.ts';
import { patientLine, personName } from '../lib/patient.ts';
import { serverNow } from '../lib/server-time.ts';
import { fullMoment } from '../lib/time.ts';
import type { Hook, Outstanding } from '../results/results-api.ts';
import { links } from '../router.ts';
import { api, hasRole, resultsApi } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../results/hook-table.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;

/** What became of results: those that nobody has acknowledged, the systems that are called, and files to take away. */
@customElement('results-page')
export class ResultsPage extends AppElement {
  @state() private items: readonly Outstanding[] = [];
  @state() private hooks: readonly Hook[] = [];
  @state() private first = localDay(serverNow() - 30 * DAY_MS);
  @state() private last = localDay(serverNow());
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1160px;
        margin: 0 auto;
        padding: 16px;
      }
      .export {
        display: flex;
        flex-wrap: wrap;
        gap: 10px 14px;
        align-items: end;
        padding: 12px 16px;
      }
      .export label {
        display: grid;
        gap: 4px;
        color: var(--muted);
        font-size: 13px;
      }
      .name,
      .name + td {
        white-space: nowrap;
      }
      .long {
        color: var(--late);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), EVERY_MS);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('app.results')}</h1>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        <section class="card" data-testid="outstanding">
          <header><h2>${t('results.outstanding')}</h2></header>
          ${this.items.length === 0 ? html`<p class="none">${t('results.outstanding.none')}</p>` : this.#table()}
        </section>
        <hook-table .hooks=${this.hooks} @hooks-changed=${() => void this.#load()}></hook-table>
        ${this.#export()}
      </div>`;
  }

  #table(): TemplateResult {
    const heads = ['results.number', 'results.patient', 'results.exam', 'results.issued', 'results.waiting_for'] as const;
    return html`<table>
      <thead>
        <tr>${heads.map((head) => html`<th scope="col">${t(head)}</th>`)}<th></th></tr>
      </thead>
      <tbody>
        ${this.items.map((one) => this.#row(one))}
      </tbody>
    </table>`;
  }

  #row(one: Outstanding): TemplateResult {
    const isClinic = hasRole('clinic');
    return html`<tr data-testid="outstanding-result">
      <td class="num">${one.seq}${isClinic ? nothing : html`<small>${localName(one.institution_name, one.institution_name_en)}</small>`}</td>
      <td class="name"><b>${personName(one.patient.name)}</b><small>${patientLine(one.patient)}</small></td>
      <td>
        ${isClinic ? html`<a href=${links.clinicStudy(one.study_instance_uid)}>${examOf(one)}</a>` : examOf(one)}
      </td>
      <td class="num">${fullMoment(one.created_at)}</td>
      <td class="num ${one.hours >= 24 ? 'long' : ''}">${t('results.hours', { n: one.hours })}</td>
      <td class="right">
        ${isClinic ? html`<button class="small" data-testid="receipt" @click=${() => void this.#receipt(one)}>${t('results.receipt')}</button>` : nothing}
      </td>
    </tr>`;
  }

  #export(): TemplateResult {
    const query = `first=${this.first}&last=${this.last}`;
    return html`<section class="card" data-testid="export">
      <header><h2>${t('results.export')}</h2></header>
      <div class="export">
        <label>${t('results.export.first')}
          <input type="date" .value=${this.first} @change=${(event: Event) => (this.first = valueOf(event))} /></label>
        <label>${t('results.export.last')}
          <input type="date" .value=${this.last} @change=${(event: Event) => (this.last = valueOf(event))} /></label>
        <a class="button" data-testid="export-list" href="/api/v1/results/list.csv?${query}" download>${t('results.export.list')}</a>
        <a class="button" data-testid="export-figures" href="/api/v1/results/figures.csv?${query}" download>${t('results.export.figures')}</a>
      </div>
    </section>`;
  }

  async #receipt({ seq }: Outstanding): Promise<void> {
    try {
      await api.receipt(seq);
      notify(t('results.receipt.done'), 'ok');
      await this.#load();
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  async #load(): Promise<void> {
    try {
      const [outstanding, hooks] = await Promise.all([resultsApi.outstanding(), resultsApi.hooks()]);
      this.items = outstanding.items;
      this.hooks = hooks.items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

function examOf({ description, modality }: Outstanding): string {
  return description || word('modality', modality);
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

/** The county's day, whatever the browser's zone. */
function localDay(at: number): string {
  return new Date(at + ZONE_MS).toISOString().slice(0, 10);
}
