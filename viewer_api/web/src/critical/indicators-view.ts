import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { CountedCase, CriticalIndicator, CriticalRate } from '../api/critical-types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { lastMonths, monthsAgo, spanOf } from '../lib/months.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { criticalApi } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const MONTHS = 12;
/** Five years back. */
const CHOICE = 60;

interface Look {
  indicator: CriticalIndicator['indicator'];
  institution: string;
  /** `2026-03`, or empty for the whole span. */
  month: string;
}

/** The national indicators of critical values, by month and by clinic, down to the cases behind each figure. */
@customElement('critical-indicators')
export class CriticalIndicators extends AppElement {
  @state() private from = monthsAgo(MONTHS - 1);
  @state() private to = monthsAgo(0);
  @state() private items: readonly CriticalIndicator[] | null = null;
  @state() private look: Look | null = null;
  @state() private cases: readonly CountedCase[] | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        padding: 16px;
      }
      .span {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: center;
      }
      label {
        display: flex;
        gap: 6px;
        align-items: center;
        color: var(--muted);
        font-size: 13px;
      }
      .columns {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(420px, 1fr));
        gap: 16px;
        align-items: start;
      }
      .card > header small {
        margin-left: auto;
      }
      .sum {
        display: flex;
        gap: 24px;
        padding: 12px 16px;
      }
      .sum b {
        display: block;
        font-size: 24px;
        font-weight: 600;
      }
      small {
        color: var(--muted);
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 6px 12px;
        border-top: 1px solid var(--line);
        text-align: right;
        white-space: nowrap;
      }
      th:first-child,
      td:first-child {
        text-align: left;
      }
      .cases th,
      .cases td {
        text-align: left;
      }
      th {
        color: var(--muted);
        font-size: 13px;
        font-weight: 400;
      }
      td button {
        min-height: 24px;
        padding: 0 4px;
        color: var(--accent);
      }
      tr[aria-selected='true'] {
        background: var(--accent-soft);
      }
      .missed {
        color: var(--late);
        font-weight: 600;
      }
      .scroll {
        overflow-x: auto;
      }
      @media (max-width: 720px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="span">
        ${this.#month('from')} ${this.#month('to')}
        <small>${t('critical.indicators.how')}</small>
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.items === null
        ? nothing
        : html`<div class="columns">${this.items.map((one) => this.#indicator(one))}</div>`}
      ${this.look === null ? nothing : this.#cases(this.look)}`;
  }

  #month(name: 'from' | 'to'): TemplateResult {
    const change = (event: Event): void => {
      this[name] = (event.target as HTMLSelectElement).value;
      void this.#load();
    };
    return html`<label>
      ${t(`critical.indicators.${name}`)}
      <select class="num" data-testid="indicators-${name}" @change=${change}>
        ${lastMonths(CHOICE).map((month) => html`<option .selected=${month === this[name]}>${month}</option>`)}
      </select>
    </label>`;
  }

  #indicator({ indicator, county, months, clinics }: CriticalIndicator): TemplateResult {
    return html`<section class="card" data-testid="critical-indicator" data-code=${indicator}>
      <header><h2>${t(`critical.indicators.${indicator}`)}</h2><small>${indicator}</small></header>
      <div class="sum">
        <span><b class="num ${missed(county)}">${percent(county)}</b><small class="num">${t('critical.indicators.of', { n: county.numerator, of: county.denominator })}</small></span>
        <span><b class="num">${minutes(county.median_minutes)}</b><small>${t('critical.indicators.median')}</small></span>
        <span><b class="num">${county.one_sided}</b><small>${t('critical.indicators.one_sided')}</small></span>
        <span><b class="num">${county.denominator - county.told}</b><small>${t('critical.indicators.not_told')}</small></span>
      </div>
      ${county.denominator === 0
        ? html`<p class="empty">${t('critical.indicators.none')}</p>`
        : html`<div class="scroll">
            ${this.#rates(t('critical.indicators.month'), months.map((one) => [one.month, one, { indicator, institution: '', month: one.month }]))}
            ${this.#rates(t('critical.clinic'), clinics.map((one) => [localName(one.institution_name, one.institution_name_en), one, { indicator, institution: one.institution, month: '' }]))}
          </div>`}
    </section>`;
  }

  #rates(head: string, lines: readonly (readonly [string, CriticalRate, Look])[]): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th>${head}</th>
          <th>${t('critical.indicators.rate')}</th>
          <th>${t('critical.indicators.done')}</th>
          <th>${t('critical.indicators.all')}</th>
          <th>${t('critical.indicators.median')}</th>
          <th>${t('critical.indicators.one_sided')}</th>
        </tr>
      </thead>
      <tbody>
        ${lines.map(
          ([name, rate, look]) => html`<tr aria-selected=${same(this.look, look)}>
            <td><button class="quiet" data-testid="indicator-look" @click=${() => this.#show(look)}>${name}</button></td>
            <td class="num ${missed(rate)}">${percent(rate)}</td>
            <td class="num">${rate.numerator}</td>
            <td class="num">${rate.denominator}</td>
            <td class="num">${minutes(rate.median_minutes)}</td>
            <td class="num">${rate.one_sided}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #cases(look: Look): TemplateResult {
    return html`<section class="card">
      <header>
        <h2>${t('critical.indicators.cases')}</h2>
        <small>${look.indicator} · ${look.month || look.institution}</small>
      </header>
      <div class="scroll">
        <table class="cases" data-testid="indicator-cases">
          <thead>
            <tr>
              <th>${t('critical.finding')}</th>
              <th>${t('critical.clinic')}</th>
              <th>${t('critical.indicators.began')}</th>
              <th>${t('critical.indicators.knew')}</th>
              <th>${t('critical.indicators.minutes')}</th>
              <th>${t('critical.indicators.counts')}</th>
            </tr>
          </thead>
          <tbody>
            ${(this.cases ?? []).map(
              (one) => html`<tr>
                <td><a href=${links.critical(one.id)}>${one.modality} ${localName(one.name, one.name_en)}</a></td>
                <td>${localName(one.institution_name, one.institution_name_en)}</td>
                <td class="num">${fullMoment(one.basis_at)}</td>
                <td class="num">${one.reached_at === null ? '–' : fullMoment(one.reached_at)}</td>
                <td class="num">${minutes(one.minutes)}</td>
                <td class=${one.outcome === 'done' ? '' : 'missed'}>${t(`critical.outcome.${one.outcome}`)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  #show(look: Look): void {
    this.look = look;
    this.cases = null;
    void this.#load();
  }

  async #load(): Promise<void> {
    const look = this.look;
    try {
      const span = spanOf(this.from, this.to);
      this.items = (await criticalApi.criticalIndicators(span)).items;
      if (look !== null) {
        const within = look.month === '' ? span : spanOf(look.month, look.month);
        const { items } = await criticalApi.countedCases({ ...within, indicator: look.indicator, institution: look.institution });
        if (look === this.look) this.cases = items;
      }
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

function same(a: Look | null, b: Look): boolean {
  return a !== null && a.indicator === b.indicator && a.institution === b.institution && a.month === b.month;
}

function percent({ value }: CriticalRate): string {
  return value === null ? '–' : `${(100 * value).toFixed(1)}%`;
}

/** All of them are to be told in time. */
function missed({ value }: CriticalRate): string {
  return value !== null && value < 1 ? 'missed' : '';
}

function minutes(value: number | null): string {
  return value === null ? '–' : t('critical.indicators.min', { n: value.toFixed(1) });
}
