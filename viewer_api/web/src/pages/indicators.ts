import { css, html, nothing, svg, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { IndicatorCases, NationalIndicator, NationalIndicators, Share } from '../api/boards-types.ts';
import { sheet } from '../boards/boards-api.ts';
import { asPercent, misses, trend } from '../boards/figures.ts';
import { pageStyles } from '../boards/page-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { language, localName, t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { boards } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const WIDTH = 220;
const HEIGHT = 56;

interface Look {
  code: NationalIndicator['code'];
  institution: string;
  modality: string;
  month: string;
  reason: string;
}

/** The national indicators: definition, numerator and denominator, trend, and the cases behind them for a reason. */
@customElement('indicators-page')
export class IndicatorsPage extends AppElement {
  @state() private begin = '';
  @state() private end = '';
  @state() private figures: NationalIndicators | null = null;
  @state() private chosen = '';
  @state() private look: Look | null = null;
  @state() private cases: IndicatorCases | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    pageStyles,
    css`
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(260px, 1fr));
        gap: 12px;
      }
      .tile {
        display: grid;
        gap: 4px;
        justify-content: start;
        justify-items: start;
        align-content: start;
        height: auto;
        padding: 12px 14px;
        border-radius: 8px;
        text-align: left;
        white-space: normal;
      }
      .tile[aria-pressed='true'] {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
      .tile b {
        font-size: 24px;
        font-weight: 600;
      }
      .tile.missed b {
        color: var(--late);
      }
      svg {
        display: block;
        max-width: 100%;
      }
      polyline {
        fill: none;
        stroke: var(--accent);
        stroke-width: 2;
      }
      line {
        stroke: var(--late);
        stroke-dasharray: 4 3;
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 16px;
        padding: 12px 16px;
      }
      dt {
        color: var(--muted);
      }
      .parts {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(300px, 1fr));
        align-items: start;
      }
      td button {
        min-height: 26px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const query = { ...this.#span(), english: String(language.value === 'en') };
    return html`<div class="page">
      <div class="top">
        <h1>${t('indicators.title')}</h1>
        ${this.#date('begin', this.figures?.begin ?? '')} ${this.#date('end', this.figures?.end ?? '')}
        <a class="button" data-testid="indicators-sheet" href=${sheet('national-indicators/sheet.csv', query)}>${t('indicators.sheet')}</a>
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.figures === null ? nothing : this.#all(this.figures.items)}
    </div>`;
  }

  #date(name: 'begin' | 'end', value: string): TemplateResult {
    const change = (event: Event): void => {
      this[name] = (event.target as HTMLInputElement).value;
      void this.#load();
    };
    return html`<label>${t(`indicators.${name}`)}<input type="date" .value=${value} @change=${change} /></label>`;
  }

  #all(items: readonly NationalIndicator[]): TemplateResult {
    const chosen = items.find(({ code }) => code === this.chosen) ?? items[0];
    return html`<div class="tiles">${items.map((one) => this.#tile(one, one === chosen))}</div>
      ${chosen === undefined ? nothing : this.#detail(chosen)}`;
  }

  #tile(one: NationalIndicator, chosen: boolean): TemplateResult {
    const missed = misses(one.percent, one.target, one.at_most);
    const choose = (): void => {
      this.chosen = one.code;
      this.look = this.cases = null;
    };
    return html`<button class="tile ${missed ? 'missed' : ''}" aria-pressed=${chosen} data-testid="indicator" data-code=${one.code} @click=${choose}>
      <small>${one.code}</small>
      <span>${one[language.value].name}</span>
      <b class="num">${asPercent(one.percent)}</b>
      <small class="num">${one.numerator} / ${one.denominator}${one.target === null ? '' : ` · ${t(one.at_most ? 'indicators.at_most' : 'indicators.at_least', { n: one.target })}`}</small>
      ${this.#trend(one)}
    </button>`;
  }

  #trend(one: NationalIndicator): TemplateResult | typeof nothing {
    if (one.months.length < 2) return nothing;
    const target = one.target === null ? null : HEIGHT * (1 - one.target / 100);
    return html`<svg viewBox="0 -2 ${WIDTH} ${HEIGHT + 4}" width=${WIDTH} height=${HEIGHT} role="img" aria-label=${t('indicators.trend')}>
      ${target === null ? nothing : svg`<line x1="0" x2=${WIDTH} y1=${target} y2=${target}></line>`}
      ${svg`<polyline points=${trend(one.months, WIDTH, HEIGHT)}></polyline>`}
    </svg>`;
  }

  #detail(one: NationalIndicator): TemplateResult {
    const words = one[language.value];
    return html`<section class="card" data-testid="indicator-detail">
        <header>
          <h2>${one.code} ${words.name}</h2>
          <button class="small" data-testid="indicator-cases" @click=${() => this.#ask(one.code, {})}>${t('indicators.cases')}</button>
        </header>
        <dl>
          <dt>${t('indicators.numerator')}</dt><dd>${words.numerator}</dd>
          <dt>${t('indicators.denominator')}</dt><dd>${words.denominator}</dd>
          <dt>${t('indicators.source')}</dt><dd>${words.source}</dd>
        </dl>
        <div class="parts">
          ${this.#shares(one, 'month', one.months)} ${this.#shares(one, 'institution', one.institutions)} ${this.#shares(one, 'modality', one.modalities)}
        </div>
      </section>
      ${this.look === null || this.cases === null ? nothing : this.#cases(this.look, this.cases)}`;
  }

  #shares(one: NationalIndicator, by: 'month' | 'institution' | 'modality', shares: readonly Share[]): TemplateResult | typeof nothing {
    if (shares.length === 0) return nothing;
    return html`<div class="scroll"><table>
      <thead>
        <tr><th scope="col">${t(`indicators.by.${by}`)}</th><th scope="col" class="right">${t('indicators.of')}</th><th scope="col" class="right">%</th><th></th></tr>
      </thead>
      <tbody>
        ${shares.map(
          (share) => html`<tr data-key=${share.key}>
            <th scope="row">${by === 'modality' ? word('modality', share.key) : localName(share.label, share.label_en)}</th>
            <td class="right num">${share.numerator} / ${share.denominator}</td>
            <td class="right num ${misses(share.percent, one.target, one.at_most) ? 'missed' : ''}">${asPercent(share.percent)}</td>
            <td class="right"><button class="quiet small" @click=${() => this.#ask(one.code, { [by]: share.key })}>${t('indicators.look')}</button></td>
          </tr>`,
        )}
      </tbody>
    </table></div>`;
  }

  #cases(look: Look, cases: IndicatorCases): TemplateResult {
    return html`<section class="card" data-testid="indicator-list">
      <header>
        <h2>${t('indicators.list', { n: cases.total })}</h2>
        <small>${[look.month, look.institution, look.modality].filter((text) => text !== '').join(' · ')} ${t('indicators.noted', { reason: look.reason })}</small>
      </header>
      ${cases.items.length === 0
        ? html`<p class="none">${t('indicators.none')}</p>`
        : html`<div class="scroll"><table>
            <thead>
              <tr>
                ${(['at', 'patient', 'place', 'exam', 'minutes', 'why'] as const).map((name) => html`<th scope="col">${t(`indicators.col.${name}`)}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${cases.items.map(
                (one) => html`<tr data-testid="indicator-case">
                  <td>${fullMoment(one.at)}</td>
                  <td>${one.patient} <small>${one.sex} ${one.age}</small></td>
                  <td>${localName(one.institution_name, one.institution_name_en)}</td>
                  <td>${one.priority ?? ''} ${word('modality', one.modality)} <small class="num">#${one.task_id ?? '–'}</small></td>
                  <td class="num">${one.minutes === null ? '–' : one.minutes.toFixed(0)}</td>
                  <td class=${one.counts ? '' : 'missed'}>${word('indicators.why', one.why)}</td>
                </tr>`,
              )}
            </tbody>
          </table></div>`}
    </section>`;
  }

  /** A list of cases is shown for a reason alone, which goes on the audit trail. */
  async #ask(code: NationalIndicator['code'], part: Partial<Pick<Look, 'institution' | 'modality' | 'month'>>): Promise<void> {
    const answers = await ask({
      title: t('indicators.reason.title'),
      text: t('indicators.reason.text'),
      fields: [{ name: 'reason', label: t('indicators.reason'), kind: 'text', required: true }],
    });
    if (answers === null) return;
    const look: Look = { code, institution: '', modality: '', month: '', ...part, reason: answers['reason'] ?? '' };
    try {
      this.cases = await boards.indicatorCases({ ...look, ...this.#span() });
      this.look = look;
      this.error = null;
    } catch (error) {
      this.cases = null;
      this.error = error;
    }
  }

  #span(): Record<string, string> {
    return { ...(this.begin === '' ? {} : { begin: this.begin }), ...(this.end === '' ? {} : { end: this.end }) };
  }

  async #load(): Promise<void> {
    try {
      this.figures = await boards.indicators(this.#span());
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}
