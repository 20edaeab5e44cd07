import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t, word } from '../../i18n/index.ts';
import { isPlain, isTyping } from '../../lib/keys.ts';
import { longEcgs } from '../../session.ts';
import { AppElement } from '../../ui/element.ts';
import { notify } from '../../ui/notify.ts';
import { base, controls } from '../../ui/styles.ts';
import { ROW_SECONDS } from './disclosure.ts';
import './long-beats.ts';
import './long-disclosure.ts';
import type { LongDisclosure } from './long-disclosure.ts';
import './long-strip.ts';
import type { LongStrip } from './long-strip.ts';
import { ecgPage } from '../ecg-styles.ts';
import { longStyles } from './long-styles.ts';
import { summary } from './long-summary.ts';
import type { LongEcg, LongEvent, Tendency } from './long-types.ts';
import { EVENT_INKS, paintTendency, secondsAt, type Graph } from './tendency.ts';
import { clockOf, eventAt, eventWords, stripWords, wholeWords } from './words.ts';

const TABS = ['summary', 'events', 'beatlist'] as const;
const MOST_STRIPS = 3;
const PARTS = 900;
const BEFORE_EVENT_S = 2;

/** A long ECG: the whole at a glance, its tendency, events and beats, and a strip to read and measure. */
@customElement('ecg-long')
export class EcgLong extends AppElement {
  @property() url = '';
  /** Whether keys are meant for it: several may be on screen. */
  @property({ type: Boolean }) active = true;
  @state() private ecg: LongEcg | null = null;
  @state() private tendency: Tendency | null = null;
  @state() private failed = false;
  @state() private lead = '';
  @state() private rowS = 60;
  @state() private atS = 0;
  @state() private seconds = 8;
  @state() private tab: (typeof TABS)[number] = 'summary';
  @state() private kind = '';
  /** The event that was gone to last; several may lie in one strip. */
  @state() private picked: LongEvent | null = null;
  @state() private graph = { width: 600, height: 84 };
  @query('.tendency canvas') private canvas!: HTMLCanvasElement | null;
  @query('long-strip') private strip!: LongStrip | null;
  @query('long-disclosure') private disclosure!: LongDisclosure | null;
  #loading: AbortController | null = null;
  readonly #resizes = new ResizeObserver(() => this.#fit());

  static override styles = [base, controls, ecgPage, longStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    this.#resizes.disconnect();
    this.#loading?.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('url')) void this.#load();
  }

  async #load(): Promise<void> {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    [this.ecg, this.tendency, this.failed] = [null, null, false];
    try {
      const ecg = await longEcgs.of(this.url, loading.signal);
      [this.ecg, this.lead, this.atS] = [ecg, preferred(ecg.leads), 0];
      this.tendency = await longEcgs.tendency(ecg, PARTS);
    } catch {
      if (!loading.signal.aborted) this.failed = true;
    }
  }

  get #events(): readonly LongEvent[] {
    return (this.ecg?.events ?? []).filter((one) => this.kind === '' || one.kind === this.kind);
  }

  get #graph(): Graph {
    return { ...this.graph, totalS: this.ecg?.seconds ?? 1 };
  }

  get #current(): LongEvent | null {
    return this.picked ?? eventAt(this.#events, this.atS, this.seconds);
  }

  /** The lead of the overview first, then others that tell most. */
  #stripLeads(ecg: LongEcg): string[] {
    const others = [...['II', 'V1', 'V5', 'I'].filter((lead) => ecg.leads.includes(lead)), ...ecg.leads];
    return [...new Set([this.lead, ...others])].slice(0, MOST_STRIPS);
  }

  override render(): TemplateResult {
    const { ecg } = this;
    if (this.failed) return html`<p class="muted">${t('ecglong.failed')}</p>`;
    if (ecg === null) return html`<p class="muted" role="status">…</p>`;
    const clock = clockOf(ecg.started_at);
    const current = this.#current;
    return html`${this.#tools(ecg)}
      <div class="body" data-testid="ecg-long">
        <div class="main">
          <div class="caption">${t('ecglong.tendency')}</div>
          <div class="tendency"><canvas data-testid="long-tendency" @click=${this.#pickTime}></canvas></div>
          <div class="caption">${t('ecglong.disclosure')} · ${t('ecglong.keys')}</div>
          <long-disclosure
            .ecg=${ecg}
            .lead=${this.lead}
            .rowS=${this.rowS}
            .stripS=${this.atS}
            .stripSeconds=${this.seconds}
            @jump=${this.#jumped}
          ></long-disclosure>
          <div class="caption" data-testid="long-strip-at">
            <strong>${t('ecglong.strip_at', { when: clock(this.atS) })}</strong>
            ${current === null ? nothing : html` · ${eventWords(current)}`}
          </div>
          <long-strip
            .ecg=${ecg}
            .leads=${this.#stripLeads(ecg)}
            .fromS=${this.atS}
            @strip-seconds=${(event: CustomEvent<number>) => (this.seconds = event.detail)}
          ></long-strip>
        </div>
        <aside @jump=${this.#jumped}>
          <div class="tabs">
            ${TABS.map((tab) => html`<button class="small quiet" aria-pressed=${this.tab === tab} data-testid="long-${tab}-tab" @click=${() => (this.tab = tab)}>${t(`ecglong.${tab}`)}</button>`)}
          </div>
          ${this.tab === 'summary' ? summary(ecg, (seconds) => this.#jump(seconds)) : nothing}
          ${this.tab === 'events' ? this.#list(clock, current) : nothing}
          ${this.tab === 'beatlist' ? html`<long-beats .ecg=${ecg}></long-beats>` : nothing}
        </aside>
      </div>`;
  }

  #tools(ecg: LongEcg): TemplateResult {
    const kinds = [...new Set(ecg.events.map(({ kind }) => kind))];
    return html`<div class="tools">
      <label>${t('ecglong.lead')}<select data-testid="long-lead" @change=${(event: Event) => (this.lead = (event.target as HTMLSelectElement).value)}>
        ${ecg.leads.map((lead) => html`<option value=${lead} ?selected=${lead === this.lead}>${lead}</option>`)}
      </select></label>
      <label>${t('ecglong.row')}<select @change=${(event: Event) => (this.rowS = Number((event.target as HTMLSelectElement).value))}>
        ${ROW_SECONDS.map((one) => html`<option value=${one} ?selected=${one === this.rowS}>${one < 60 ? t('ecglong.row_s', { n: one }) : t('ecglong.row_min', { n: one / 60 })}</option>`)}
      </select></label>
      <label><select data-testid="long-kind" @change=${this.#pickKind}>
        <option value="">${t('ecglong.all_events')} (${ecg.events.length})</option>
        ${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${word('ecglong.event', kind)} (${ecg.events.filter((one) => one.kind === kind).length})</option>`)}
      </select></label>
      <button class="small quiet" data-testid="long-before" @click=${() => this.#step(-1)}>${t('ecglong.before')}</button>
      <button class="small quiet" data-testid="long-next" @click=${() => this.#step(1)}>${t('ecglong.next')}</button>
      <button class="small" data-testid="long-into-report" @click=${this.#stripIntoReport}>${t('ecglong.into_report')}</button>
      <button class="small quiet" data-testid="long-whole-into-report" @click=${() => this.#intoReport(wholeWords(ecg))}>${t('ecglong.whole_into_report')}</button>
      <slot></slot>
    </div>`;
  }

  #list(clock: (seconds: number) => string, current: LongEvent | null): TemplateResult {
    if (this.#events.length === 0) return html`<p class="muted">${t('ecglong.none')}</p>`;
    return html`<ul data-testid="long-events">
      ${this.#events.map(
        (one) => html`<li>
          <button aria-current=${one === current} @click=${() => this.#show(one)}>
            <i style="background: ${EVENT_INKS[one.kind] ?? '#5b6670'}"></i><span class="num">${clock(one.at_s)}</span> ${eventWords(one)}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { canvas, ecg } = this;
    const context = canvas?.getContext('2d');
    if (canvas === null || !context || ecg === null) return;
    this.#resizes.observe(canvas);
    const dense = globalThis.devicePixelRatio || 1;
    const [width, height] = [Math.round(this.graph.width * dense), Math.round(this.graph.height * dense)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    paintTendency(context, this.#graph, this.tendency, this.#events, this.atS + this.seconds / 2, clockOf(ecg.started_at), dense);
  }

  #fit(): void {
    const { clientWidth: width = 0, clientHeight: height = 0 } = this.canvas ?? {};
    if (width > 50 && (width !== this.graph.width || height !== this.graph.height)) this.graph = { width, height };
  }

  readonly #pickKind = (event: Event): void => {
    this.kind = (event.target as HTMLSelectElement).value;
    this.picked = null;
  };

  readonly #pickTime = (event: MouseEvent): void => this.#jump(secondsAt(event.offsetX, this.#graph));

  readonly #jumped = (event: CustomEvent<number>): void => {
    event.stopPropagation();
    this.#jump(event.detail);
  };

  /** Puts a moment into the middle of the strip. */
  #jump(seconds: number): void {
    this.#goTo(seconds - this.seconds / 2);
  }

  #goTo(fromS: number): void {
    const last = Math.max(0, (this.ecg?.seconds ?? 0) - this.seconds);
    this.atS = Math.round(Math.max(0, Math.min(last, fromS)) * 100) / 100;
    this.picked = null;
  }

  #show(event: LongEvent): void {
    if (event.seconds < this.seconds - 2 * BEFORE_EVENT_S) this.#jump(event.at_s + event.seconds / 2);
    else this.#goTo(event.at_s - BEFORE_EVENT_S);
    this.picked = event;
  }

  #step(by: 1 | -1): void {
    const events = this.#events;
    const current = this.#current;
    const middle = this.atS + this.seconds / 2;
    const at = current === null ? -1 : events.indexOf(current);
    const next =
      at >= 0
        ? events[at + by]
        : by > 0
          ? events.find((one) => one.at_s > middle)
          : events.findLast((one) => one.at_s < middle);
    if (next !== undefined) this.#show(next);
  }

  readonly #stripIntoReport = (): void => {
    const { ecg } = this;
    if (ecg === null) return;
    const event = this.#current;
    const words = stripWords(clockOf(ecg.started_at), this.atS, this.seconds, this.#stripLeads(ecg), this.strip?.shown ?? [], event);
    this.#intoReport(words);
  };

  /** Whoever writes a report takes the words; else they go to the clipboard. */
  #intoReport(words: string): void {
    const event = new CustomEvent('into-report', { detail: words, bubbles: true, composed: true, cancelable: true });
    if (!this.dispatchEvent(event)) return;
    void navigator.clipboard?.writeText(words).catch(() => undefined);
    notify(t('ecglong.into_report.none'));
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.active || isTyping(event) || !isPlain(event) || event.defaultPrevented || this.ecg === null) return;
    const half = this.seconds / 2;
    const steps: Readonly<Record<string, () => void>> = {
      ']': () => this.#step(1),
      '[': () => this.#step(-1),
      ArrowRight: () => this.#goTo(this.atS + half),
      ArrowLeft: () => this.#goTo(this.atS - half),
      PageDown: () => this.disclosure?.turn(1),
      PageUp: () => this.disclosure?.turn(-1),
      c: () => this.strip?.clear(),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
}

function preferred(leads: readonly string[]): string {
  return ['II', 'MLII', 'V5', 'CM5'].find((lead) => leads.includes(lead)) ?? leads[0] ?? '';
}
