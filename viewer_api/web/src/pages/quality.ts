import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Dimension, Figures, Indicator, SecondLooks } from '../api/quality-types.ts';
import { inWords } from '../i18n/errors.ts';
import { language, t, type MessageKey } from '../i18n/index.ts';
import { figuresSheet } from '../quality/quality-api.ts';
import { hasRole, quality } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../quality/figure-table.ts';
import '../quality/look-table.ts';

const DIMENSIONS: readonly Dimension[] = ['site', 'device', 'operator', 'modality', 'reason', 'month'];

/** Figures of image quality and of second looks at reports: a clinic sees its own, a reader what concerns his reports. */
@customElement('quality-page')
export class QualityPage extends AppElement {
  @state() private by: Dimension = 'site';
  @state() private from = '';
  @state() private to = '';
  @state() private figures: Figures | null = null;
  @state() private looks: SecondLooks | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        max-width: 1280px;
        margin: 0 auto;
        padding: 16px;
      }
      .bar {
        flex-wrap: wrap;
      }
      .bar h2 {
        margin-right: auto;
      }
      .views {
        display: flex;
        flex-wrap: wrap;
        gap: 2px;
      }
      label {
        display: flex;
        gap: 6px;
        align-items: center;
        color: var(--muted);
        font-size: 13px;
      }
      .card {
        min-width: 0;
        overflow-x: auto;
      }
      .indicators {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(260px, 1fr));
      }
      .indicator {
        display: grid;
        gap: 2px;
        padding: 14px 16px;
      }
      .indicator b {
        font-size: 26px;
        font-weight: 600;
      }
      .indicator.missed b {
        color: var(--late);
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <h1 class="sr-only">${t('quality.title')}</h1>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.figures === null ? nothing : this.#images(this.figures)}
      ${this.looks === null ? nothing : this.#second(this.looks)}
    </div>`;
  }

  #images(figures: Figures): TemplateResult {
    return html`<section class="card">
        <header><h2>${t('quality.indicators')}</h2><small class="num">${figures.begin} – ${figures.end}</small></header>
        <div class="indicators">${figures.indicators.map((one) => this.#indicator(one))}</div>
      </section>
      <section class="card">
        <header class="bar">
          <h2>${t('quality.title')}</h2>
          <div class="views" role="group" aria-label=${t('quality.title')}>${DIMENSIONS.map((by) => this.#view(by))}</div>
          ${this.#date('from', figures.begin)} ${this.#date('to', figures.end)}
          <a class="button small" data-testid="quality-sheet" href=${figuresSheet(this.#sheet())}>${t('quality.sheet')}</a>
        </header>
        <figure-table .lines=${figures.items} .by=${this.by}></figure-table>
      </section>`;
  }

  #indicator({ code, numerator, denominator, percent, target, at_most }: Indicator): TemplateResult {
    const missed = percent !== null && (at_most ? percent > target : percent < target);
    return html`<div class="indicator ${missed ? 'missed' : ''}" data-testid="indicator" data-code=${code}>
      <span>${t(`quality.${code}` as MessageKey)} <small>${code}</small></span>
      <b class="num">${percent === null ? '–' : `${percent.toFixed(1)}%`}</b>
      <small class="num">
        ${t('quality.of', { n: numerator, of: denominator })} ·
        ${t(at_most ? 'quality.target.at_most' : 'quality.target.at_least', { n: target })}
      </small>
    </div>`;
  }

  #view(by: Dimension): TemplateResult {
    const pick = (): void => {
      this.by = by;
      void this.#load();
    };
    return html`<button class="small quiet" data-testid="quality-by-${by}" aria-pressed=${this.by === by} @click=${pick}>
      ${t(`quality.by.${by}`)}
    </button>`;
  }

  #date(name: 'from' | 'to', shown: string): TemplateResult {
    const change = (event: Event): void => {
      this[name] = (event.target as HTMLInputElement).value;
      void this.#load();
    };
    return html`<label>
      ${t(`quality.${name}`)}<input type="date" .value=${this[name] || shown} @change=${change} />
    </label>`;
  }

  #second(looks: SecondLooks): TemplateResult {
    const all = hasRole('manager', 'admin');
    return html`<section class="card">
      <header><h2>${t(all ? 'looks.title' : 'looks.own')}</h2><small class="num">${looks.begin} – ${looks.end}</small></header>
      <look-table .lines=${looks.authors} by="author"></look-table>
      <look-table .lines=${looks.modalities} by="modality"></look-table>
    </section>`;
  }

  #sheet(): Record<string, string> {
    return { by: this.by, ...this.#span(), english: String(language.value === 'en') };
  }

  #span(): Record<string, string> {
    return { ...(this.from === '' ? {} : { from: this.from }), ...(this.to === '' ? {} : { to: this.to }) };
  }

  async #load(): Promise<void> {
    const by = this.by;
    try {
      const figures = hasRole('radiologist') ? null : await quality.figures({ by, ...this.#span() });
      const looks = hasRole('clinic') ? null : await quality.secondLooks(this.#span());
      if (by !== this.by) return;
      this.figures = figures;
      this.looks = looks;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}
