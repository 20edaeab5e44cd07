import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series } from '../api/types.ts';
import { language, t } from '../i18n/index.ts';
import { isPlain, isTyping } from '../lib/keys.ts';
import { recallLease } from '../reading/lease-memory.ts';
import { route } from '../router.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import '../viewer/ecg-picture.ts';
import { EarlierEcgs, recordedAt } from './earlier.ts';
import './ecg-changes.ts';
import './ecg-compare.ts';
import { beatFoot, ecgFoot } from './ecg-foot.ts';
import './ecg-median.ts';
import type { EcgMedian, Hold } from './ecg-median.ts';
import './ecg-paper.ts';
import type { EcgPaper } from './ecg-paper.ts';
import { ecgPage, ecgViewStyles } from './ecg-styles.ts';
import { choice, paperTools, sizeTools } from './ecg-tools.ts';
import type { Ecg, Physician, Values } from './ecg-types.ts';
import './ecg-values.ts';
import type { EcgValues } from './ecg-values.ts';
import { filtered } from './filters.ts';
import './long/ecg-long.ts';
import { clock, GAINS, LAYOUTS, nextOf, SPEEDS, type LayoutName } from './layout.ts';
import { paperUrl } from './paper-url.ts';
import { PART_S, Records } from './records.ts';
import type { Samples } from './samples.ts';
import { changeEcg, ecgSettings } from './settings.ts';

type Mode = 'paper' | 'beats' | 'overlay' | 'side';

/** An ECG as it is read: on paper, as median beats with their marks, and beside the earlier one. */
@customElement('ecg-view')
export class EcgView extends AppElement {
  @property() studyUid = '';
  @property({ attribute: false }) series!: Series;
  /** Whether the case is in the hands of who looks at it. */
  @property({ type: Boolean }) held = false;
  /** Whether keys are meant for it: several may be on screen. */
  @property({ type: Boolean }) active = true;
  @state() private printed = false;
  /** A long recording is looked at as a resting one. */
  @state() private resting = false;
  @state() private calipers = 0;
  @state() private marching = false;
  @state() private mode: Mode = 'paper';
  @state() private lead: string | null = null;
  @state() private gains: ReadonlyMap<string, number> = new Map();
  @state() private unkept: Values | null = null;
  @query('ecg-paper') private paper!: EcgPaper | null;
  @query('ecg-median') private median!: EcgMedian | null;
  @query('ecg-values') private values!: EcgValues | null;

  readonly #records = new Records(() => this.requestUpdate());
  readonly #earlier = new EarlierEcgs(() => this.requestUpdate());
  #shown: Samples | null = null;
  #filtered: { of: Samples | null; by: unknown } = { of: null, by: null };

  static override styles = [base, controls, ecgPage, ecgViewStyles];

  constructor() {
    super();
    this.watch(ecgSettings);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
    // Before the reading page, which Escape leaves.
    addEventListener('keydown', this.#escape, true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    removeEventListener('keydown', this.#escape, true);
    this.#records.close();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('series') || changed.has('studyUid')) void this.#records.open(this.studyUid, this.series.series_instance_uid);
    if (changed.has('studyUid')) {
      this.#forget();
      void this.#earlier.find(this.studyUid);
    }
    this.#filter();
  }

  get #ecg(): Ecg | undefined {
    return this.#records.shown;
  }

  get #isLong(): boolean {
    return !this.resting && (this.#ecg?.long_url ?? null) !== null;
  }

  /** Whether tracings are shown, and not median beats. */
  get #onPaper(): boolean {
    return this.mode === 'paper' || this.mode === 'side';
  }

  get #comparing(): boolean {
    return this.mode === 'overlay' || this.mode === 'side';
  }

  get #hold(): Hold | null {
    const task = route.value.page === 'read' ? route.value.task : 0;
    const lease = this.held && task !== 0 ? recallLease(task) : null;
    return lease === null ? null : { task, token: lease.token };
  }

  override render(): TemplateResult {
    if (this.#isLong) {
      return html`<ecg-long .url=${this.#ecg?.long_url ?? ''} ?active=${this.active}>
        <button class="small quiet" data-testid="ecg-resting" @click=${this.#showResting}>${t('ecglong.resting')}</button>
      </ecg-long>`;
    }
    if (this.printed || this.#records.failed) {
      return html`<div class="tools">
          ${this.#records.failed ? html`<span class="muted">${t('ecg.no_samples')}</span>` : this.#toggle()}
        </div>
        <ecg-picture .series=${this.series}></ecg-picture>`;
    }
    return html`
      ${this.#tools()}
      <div class="body">${this.#main()} ${this.#aside()}</div>
      ${this.#onPaper ? ecgFoot(this.#ecg, this.gains) : beatFoot()}
    `;
  }

  #main(): TemplateResult {
    const ecg = this.#ecg;
    if (this.mode === 'beats' && ecg !== undefined) {
      return html`<ecg-median
        data-testid="ecg-beats"
        .ecg=${ecg}
        .studyUid=${this.studyUid}
        .hold=${this.#hold}
        @marks=${(event: CustomEvent<Values | null>) => (this.unkept = event.detail)}
        @marks-kept=${(event: CustomEvent<Physician>) => this.#kept(ecg, event.detail)}
      ></ecg-median>`;
    }
    if (this.#comparing && ecg !== undefined) {
      if (this.#earlier.chosen === null) return html`<p class="muted wait">${t('app.loading')}</p>`;
      return html`<ecg-compare
        data-testid="ecg-compare"
        .ecg=${ecg}
        .samples=${this.#shown}
        .at=${recordedAt(ecg)}
        .earlier=${this.#earlier.chosen}
        .gains=${this.gains}
        .overlay=${this.mode === 'overlay'}
        ?marching=${this.marching}
      ></ecg-compare>`;
    }
    return html`<ecg-paper
      class="paper"
      tabindex="0"
      aria-label=${t('ecg.tracing')}
      data-testid="ecg-paper"
      .samples=${this.#shown}
      .beats=${ecg?.measured?.beats ?? []}
      .gains=${this.gains}
      .lead=${this.lead}
      .seconds=${PART_S}
      ?marching=${this.marching}
      @pick-lead=${(event: CustomEvent<string>) => (this.lead = event.detail === this.lead ? null : event.detail)}
      @calipers=${(event: CustomEvent<number>) => (this.calipers = event.detail)}
    ></ecg-paper>`;
  }

  #aside(): TemplateResult | typeof nothing {
    const ecg = this.#ecg;
    if (ecg === undefined) return nothing;
    if (this.#comparing) {
      return html`<ecg-changes
        .ecg=${ecg}
        .old=${this.#earlier.chosen?.ecg ?? null}
        .priors=${this.#earlier.priors}
        .picked=${this.#earlier.chosen?.prior.study_instance_uid ?? ''}
        @pick-earlier=${(event: CustomEvent<string>) => void this.#compareWith(event.detail)}
      ></ecg-changes>`;
    }
    return html`<ecg-values .ecg=${ecg} .unkept=${this.unkept} ?writable=${this.held} @open-beats=${() => this.#to('beats')}></ecg-values>`;
  }

  #tools(): TemplateResult {
    return html`<div class="tools">
      ${this.#records.all.length > 1
        ? choice(t('ecg.which'), this.#records.which, this.#records.all.map((_, number) => [number, String(number + 1)]), (value) => this.#show(value))
        : nothing}
      ${this.#ecg?.long_url == null
        ? nothing
        : html`<button class="small quiet" @click=${() => (this.resting = false)}>${t('ecglong.back')}</button>`}
      ${this.#modes()}
      ${this.#onPaper ? html`${paperTools()} ${this.#leadTools()} ${sizeTools()} ${this.#caliperTools()} ${this.#toggle()} ${this.#print()} ${this.#parts()}` : nothing}
    </div>`;
  }

  #modes(): TemplateResult {
    const count = this.#earlier.priors.length;
    const comparing = this.#comparing;
    return html`<button class="small quiet" data-testid="ecg-beats-open" aria-pressed=${this.mode === 'beats'} ?disabled=${!this.#ecg?.measured?.median} title=${t('ecg.marks.open')} @click=${() => this.#to('beats')}>
        ${t('ecg.beats')}<kbd>B</kbd>
      </button>
      <button class="small quiet" data-testid="ecg-compare-open" aria-pressed=${comparing} ?disabled=${count === 0} title=${t(count === 0 ? 'ecg.compare.none' : 'ecg.compare.hint')} @click=${() => this.#compare()}>
        ${t('ecg.compare')}<kbd>P</kbd>${count > 0 ? html` <span class="num">${count}</span>` : nothing}
      </button>
      ${comparing
        ? html`<button class="small quiet" data-testid="ecg-compare-side" aria-pressed=${this.mode === 'side'} @click=${() => (this.mode = this.mode === 'side' ? 'overlay' : 'side')}>
            ${t(this.mode === 'side' ? 'ecg.compare.overlay' : 'ecg.compare.side')}<kbd>O</kbd>
          </button>`
        : nothing}`;
  }

  /** The lead whose gain is changed by itself; without one the gain of all is. */
  #leadTools(): TemplateResult {
    const leads = this.#shown?.leads ?? [];
    const gain = this.lead === null ? null : (this.gains.get(this.lead) ?? ecgSettings.value.gain);
    return html`${choice(t('ecg.lead'), this.lead === null ? -1 : leads.indexOf(this.lead), [[-1, t('ecg.lead.all')], ...leads.map((one, n) => [n, one] as const)], (value) => (this.lead = leads[value] ?? null))}
      ${gain === null
        ? nothing
        : html`<span class="lead" data-testid="lead-gain"
            ><button class="small quiet" aria-label=${t('ecg.lead.less')} @click=${() => this.#gain(-1)}>−</button
            ><span class="num">${gain} mm/mV</span
            ><button class="small quiet" aria-label=${t('ecg.lead.more')} @click=${() => this.#gain(1)}>＋</button></span
          >`}
      ${this.gains.size > 0 ? html`<button class="small quiet" @click=${() => (this.gains = new Map())}>${t('ecg.lead.reset')}</button>` : nothing}`;
  }

  #caliperTools(): TemplateResult {
    const { snap } = ecgSettings.value;
    return html`<button class="small quiet" aria-pressed=${snap} title=${t('ecg.snap.hint')} @click=${() => changeEcg({ snap: !snap })}>${t('ecg.snap')}</button>
      <button class="small quiet" aria-pressed=${this.marching} @click=${() => (this.marching = !this.marching)}>${t('ecg.march')}</button>
      ${this.calipers > 0 ? html`<button class="small quiet" @click=${() => this.paper?.clear()}>${t('ecg.clear')}</button>` : nothing}`;
  }

  #toggle(): TemplateResult {
    return html`<button class="small quiet" data-testid="ecg-printed" @click=${() => (this.printed = !this.printed)}>
      ${this.printed ? t('ecg.tracing') : t('ecg.picture')}
    </button>`;
  }

  #print(): TemplateResult | typeof nothing {
    const sop = this.#ecg?.sop_instance_uid;
    if (sop === undefined) return nothing;
    const url = paperUrl({ studyUid: this.studyUid, sop, startS: this.#records.partS, language: language.value }, ecgSettings.value);
    return html`<a class="button small quiet" data-testid="ecg-print" href=${url} target="_blank">${t('ecg.print')}</a>`;
  }

  #parts(): TemplateResult | typeof nothing {
    const { samples, partS } = this.#records;
    if (samples === null || samples.samplesInRecord <= PART_S * samples.hz) return nothing;
    const total = samples.samplesInRecord / samples.hz;
    const part = { from: clock(partS), to: clock(Math.min(total, partS + PART_S)), total: clock(total) };
    return html`<button class="small quiet" ?disabled=${partS <= 0} @click=${() => this.#records.turn(-1)}>${t('ecg.back')}</button>
      <span class="num">${t('ecg.part', part)}</span>
      <button class="small quiet" ?disabled=${partS + PART_S >= total} @click=${() => this.#records.turn(1)}>${t('ecg.on')}</button>`;
  }

  readonly #showResting = (): void => {
    this.resting = true;
    this.#show(this.#records.which);
  };

  #show(which: number): void {
    this.#forget();
    this.#records.show(which);
  }

  /** Gains of single leads belong to one tracing: no other may look larger for them. */
  #forget(): void {
    this.lead = null;
    this.gains = new Map();
    this.mode = 'paper';
  }

  #to(mode: Mode): void {
    if (mode === 'beats' && !this.#ecg?.measured?.median) return;
    this.mode = this.mode === mode ? 'paper' : mode;
  }

  #compare(): void {
    if (this.#comparing) this.mode = 'paper';
    else if (this.#earlier.priors.length === 0) notify(t('ecg.compare.none'));
    else {
      this.mode = 'overlay';
      if (this.#earlier.chosen === null) void this.#compareWith();
    }
  }

  async #compareWith(studyUid?: string): Promise<void> {
    if (!(await this.#earlier.choose(studyUid)) && this.#earlier.chosen === null) this.mode = 'paper';
  }

  #kept(ecg: Ecg, physician: Physician): void {
    this.#records.replace(ecg, { ...ecg, physician });
    notify(t(physician.values === null ? 'ecg.marks.withdrawn' : 'ecg.marks.kept', { version: physician.version }), 'ok');
  }

  /** What is shown: filtered anew when the samples or the filters are others. */
  #filter(): void {
    const { samples } = this.#records;
    const choice = ecgSettings.value.filters;
    if (samples === this.#filtered.of && choice === this.#filtered.by) return;
    this.#filtered = { of: samples, by: choice };
    const rows = samples?.microvolts.map((row) => filtered(row, samples.hz, choice));
    this.#shown = samples === null || rows === undefined ? null : { ...samples, microvolts: rows };
  }

  #gain(by: number): void {
    const { gain } = ecgSettings.value;
    if (this.lead === null) {
      changeEcg({ gain: nextOf(GAINS, gain, by) });
      return;
    }
    const next = nextOf(GAINS, this.gains.get(this.lead) ?? gain, by);
    const others = [...this.gains].filter(([lead]) => lead !== this.lead);
    this.gains = new Map(next === gain ? others : [...others, [this.lead, next]]);
  }

  #nextLead(by: number): void {
    const leads = this.#shown?.leads ?? [];
    const next = (this.lead === null ? (by > 0 ? -1 : leads.length) : leads.indexOf(this.lead)) + by;
    this.lead = leads[next] ?? null;
  }

  readonly #escape = (event: KeyboardEvent): void => {
    if (!this.active || this.#isLong || event.key !== 'Escape' || event.defaultPrevented || isTyping(event) || pending.value !== null) return;
    if (this.mode === 'paper' && this.lead === null) return;
    event.preventDefault();
    if (this.mode === 'paper') this.lead = null;
    else this.mode = 'paper';
  };

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.active || this.#isLong || isTyping(event) || !isPlain(event) || event.defaultPrevented || pending.value !== null || this.printed) return;
    if (this.#key(event.key.toLowerCase(), event.shiftKey)) event.preventDefault();
  };

  #key(key: string, shift: boolean): boolean {
    if (/^[1-9]$/.test(key)) return this.values?.take(Number(key) - 1) ?? false;
    if (key === 'b') this.#to('beats');
    else if (key === 'p') this.#compare();
    else if (key === 'o' && this.#comparing) this.mode = this.mode === 'overlay' ? 'side' : 'overlay';
    else if (this.#onPaper) return this.#paperKey(key, shift);
    else return this.median?.key(key) ?? false;
    return true;
  }

  #paperKey(key: string, shift: boolean): boolean {
    const { layout, speed } = ecgSettings.value;
    if (key === 'arrowleft' || key === 'arrowright') return this.paper?.nudge(key === 'arrowleft' ? -1 : 1, shift) ?? false;
    if (key === 'c') this.paper?.clear();
    else if (key === 'm') this.marching = !this.marching;
    else if (key === 'l') changeEcg({ layout: LAYOUTS[(LAYOUTS.indexOf(layout) + 1) % LAYOUTS.length] as LayoutName });
    else if (key === 's') changeEcg({ speed: SPEEDS[(SPEEDS.indexOf(speed as 25) + 1) % SPEEDS.length] as number });
    else if (key === '+' || key === '=') this.#gain(1);
    else if (key === '-') this.#gain(-1);
    else if (key === '[') this.#nextLead(-1);
    else if (key === ']') this.#nextLead(1);
    else return false;
    return true;
  }
}
