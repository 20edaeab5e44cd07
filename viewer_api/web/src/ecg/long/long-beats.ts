import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t, type MessageKey } from '../../i18n/index.ts';
import { longEcgs } from '../../session.ts';
import { AppElement } from '../../ui/element.ts';
import { base, controls } from '../../ui/styles.ts';
import { beatStyles } from './long-styles.ts';
import { BEAT_KINDS, type BeatKind, type BeatPage, type LongEcg } from './long-types.ts';
import { clockOf } from './words.ts';

const PAGE = 100;
const EVER = 14 * 86_400;

/** Beats by class, a page at a time. Fires `jump` with the seconds of the one that is picked. */
@customElement('long-beats')
export class LongBeats extends AppElement {
  @property({ attribute: false }) ecg!: LongEcg;
  @state() private kind: BeatKind | null = 'ventricular';
  @state() private page: BeatPage | null = null;
  /** What each page began after, the present one last. */
  @state() private pages: readonly number[] = [-1];
  @state() private picked = -1;

  static override styles = [base, controls, beatStyles];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (['ecg', 'kind', 'pages'].some((name) => changed.has(name as keyof LongBeats))) void this.#load();
  }

  async #load(): Promise<void> {
    const { ecg, kind, pages } = this;
    try {
      const page = await longEcgs.beats(ecg, kind === null ? [] : [kind], 0, EVER, pages.at(-1) ?? -1, PAGE);
      if (ecg === this.ecg && kind === this.kind && pages === this.pages) this.page = page;
    } catch {
      this.page = null;
    }
  }

  #choose(kind: BeatKind | null): void {
    this.kind = kind;
    this.pages = [-1];
  }

  override render(): TemplateResult {
    const clock = clockOf(this.ecg.started_at);
    return html`<div class="kinds">
        ${[null, ...BEAT_KINDS].map(
          (kind) => html`<button class="small quiet" aria-pressed=${this.kind === kind} data-testid="beats-${kind ?? 'all'}" @click=${() => this.#choose(kind)}>
            ${kind === null ? t('ecglong.all') : t(`ecglong.kind.${kind}` as MessageKey)}
            <span class="num">${kind === null ? this.ecg.whole.beats : this.ecg.whole.counts[kind]}</span>
          </button>`,
        )}
      </div>
      ${this.page === null || this.page.items.length === 0
        ? html`<p class="muted">${t('ecglong.none')}</p>`
        : html`<table data-testid="long-beats">
            <thead>
              <tr><th>${t('ecglong.time')}</th><th>${t('ecglong.kind')}</th><th class="num">RR ms</th></tr>
            </thead>
            <tbody>
              ${this.page.items.map(
                (beat) => html`<tr aria-selected=${beat.number === this.picked} @click=${() => this.#pick(beat.number, beat.at_s)}>
                  <td class="num"><button class="link">${clock(beat.at_s)}</button></td>
                  <td class=${beat.kind}>${t(`ecglong.kind.${beat.kind}` as MessageKey)}</td>
                  <td class="num">${beat.rr_ms ?? '–'}</td>
                </tr>`,
              )}
            </tbody>
          </table>`}
      ${this.#turning()}`;
  }

  #turning(): TemplateResult | typeof nothing {
    const after = this.page?.after ?? null;
    if (after === null && this.pages.length === 1) return nothing;
    return html`<div class="turn">
      <button class="small quiet" ?disabled=${this.pages.length === 1} @click=${() => (this.pages = this.pages.slice(0, -1))}>${t('ecglong.page_back')}</button>
      <span class="num">${t('ecglong.of', { n: this.page?.matching ?? 0 })}</span>
      <button class="small quiet" ?disabled=${after === null} @click=${() => (this.pages = [...this.pages, after ?? -1])}>${t('ecglong.page_on')}</button>
    </div>`;
  }

  #pick(number: number, seconds: number): void {
    this.picked = number;
    this.tell('jump', seconds);
  }
}
