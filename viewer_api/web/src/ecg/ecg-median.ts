import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { ecgs } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { beatOf, beatSheet, lengthOf, scaleOf, secondsAt, xOf, type BeatScale, type BeatSheet, type BeatView } from './beat-sheet.ts';
import { ecgMedianStyles } from './ecg-median-styles.ts';
import type { Ecg, MedianBeat, Physician } from './ecg-types.ts';
import { nextOf } from './layout.ts';
import { MARK_NAMES, MarkHistory, measuredMarks, moved, sameMarks, valuesOf, withoutWave, withWave, type MarkName, type Marks } from './marks.ts';
import { NEW_INK, paintBeats } from './paint-beats.ts';

const STEP = 1;
const LEAP = 5;
const GRIP_PX = 12;
const ZOOMS = [1, 2, 4, 8];

/** What a person may do with marks: the case in his hands. */
export interface Hold {
  task: number;
  token: string;
}

/**
 * The median beats enlarged, with marks that the mouse drags and the arrow keys move. Fires `marks` with the values that they
 * make while they are not kept, null when there is nothing new; and `marks-kept` with the version that the server made.
 */
@customElement('ecg-median')
export class EcgMedian extends AppElement {
  @property({ attribute: false }) ecg!: Ecg;
  @property() studyUid = '';
  /** Null while the case is only looked at: marks are shown then, and not moved. */
  @property({ attribute: false }) hold: Hold | null = null;
  @state() private marks: Marks | null = null;
  @state() private versions: readonly Physician[] = [];
  @state() private view: BeatView = 'over';
  @state() private zoom = 1;
  @state() private busy = false;
  @state() private room = { width: 800, height: 480 };
  @query('.stage') private stage!: HTMLElement | null;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  readonly #history = new MarkHistory();
  readonly #resizes = new ResizeObserver(() => this.#measure());
  #shown = '';

  static override styles = [base, controls, ecgMedianStyles];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.tell('marks', null);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (this.#shown === this.ecg.sop_instance_uid) return;
    this.#shown = this.ecg.sop_instance_uid;
    this.#history.clear();
    this.view = 'over';
    this.zoom = 1;
    this.marks = this.#kept ?? this.#measured;
    void this.#loadVersions();
  }

  get #median(): MedianBeat | null {
    return this.ecg.measured?.median ?? null;
  }

  get #measured(): Marks | null {
    return this.#median === null ? null : measuredMarks(this.#median);
  }

  /** Beats stand by the measured QRS onset, so that the paper does not move under a mark. */
  #sheet(median: MedianBeat): BeatSheet {
    return beatSheet([beatOf(median, this.#measured)], this.view);
  }

  /** The physician's marks that hold now. */
  get #kept(): Marks | null {
    return this.ecg.physician?.marks ?? null;
  }

  get #isNew(): boolean {
    return this.marks !== null && !sameMarks(this.marks, this.#kept ?? this.#measured);
  }

  override render(): TemplateResult {
    const median = this.#median;
    if (median === null || this.marks === null) return html`<p class="none">${t('ecg.marks.none')}</p>`;
    const sheet = this.#sheet(median);
    const scale = scaleOf(sheet, this.room.width, this.room.height, this.zoom);
    const dense = globalThis.devicePixelRatio || 1;
    return html`
      ${this.#tools(median, this.marks)}
      <div class="stage" @dblclick=${(event: MouseEvent) => this.#enlarge(event, sheet, scale)}>
        <canvas
          role="img"
          aria-label=${t('ecg.median')}
          width=${Math.round(this.room.width * dense)}
          height=${Math.round(this.room.height * dense)}
          @pointerdown=${(event: PointerEvent) => this.#press(event, sheet, scale)}
        ></canvas>
        ${MARK_NAMES.map((name) => this.#lines(name, sheet, scale, median))}
      </div>
      <p class="hint">${this.hold === null ? t('ecg.marks.look') : t('ecg.marks.hint')}</p>
    `;
  }

  #tools(median: MedianBeat, marks: Marks): TemplateResult {
    const may = this.hold !== null;
    return html`<div class="tools">
      ${MARK_NAMES.map((name) => this.#handle(name, median))}
      ${may ? html`${this.#wave('p', marks.p_on !== null)}${this.#wave('t', marks.t_off !== null)}` : nothing}
      <span class="gap"></span>
      <button class="small quiet" data-testid="marks-view" @click=${() => this.#turnView()}>${t(this.view === 'over' ? 'ecg.marks.apart' : 'ecg.marks.over')}<kbd>A</kbd></button>
      ${this.versions.length > 0 ? this.#versionList() : nothing}
      ${may
        ? html`<button class="small quiet" data-testid="marks-undo" ?disabled=${this.#history.isEmpty} @click=${this.#undo}>${t('ecg.marks.undo')}</button>
            <button class="small quiet" data-testid="marks-measured" ?disabled=${sameMarks(marks, this.#measured)} @click=${() => this.#change(this.#measured)}>${t('ecg.marks.measured')}</button>
            <button class="small primary" data-testid="marks-keep" ?disabled=${!this.#isNew || this.busy} @click=${this.#keep}>${t('ecg.marks.keep')}<kbd>↵</kbd></button>`
        : nothing}
    </div>`;
  }

  /** What the keyboard moves: Tab goes from mark to mark, the arrow keys move the one that has the focus. */
  #handle(name: MarkName, median: MedianBeat): TemplateResult | typeof nothing {
    const at = this.marks?.[name];
    if (at === null || at === undefined || this.marks === null) return nothing;
    const ms = Math.round(((at - this.marks.qrs_on) / median.hz) * 1000);
    return html`<button
      class="small quiet mark ${at !== this.#measured?.[name] ? 'moved' : ''}"
      role="slider"
      data-testid="mark-${name}"
      data-at=${at}
      aria-label=${t(`ecg.mark.${name}`)}
      aria-valuemin="0"
      aria-valuemax=${lengthOf(median) - 1}
      aria-valuenow=${at}
      aria-valuetext="${ms} ms"
      ?disabled=${this.hold === null}
      @keydown=${(event: KeyboardEvent) => this.#key(event, name)}
    >
      ${t(`ecg.mark.${name}`)} <span class="num">${ms}</span>
    </button>`;
  }

  #wave(wave: 'p' | 't', there: boolean): TemplateResult {
    return html`<button class="small quiet" data-testid="marks-${wave}" @click=${() => this.#setWave(wave, !there)}>
      ${t(there ? `ecg.marks.no_${wave}` : `ecg.marks.add_${wave}`)}
    </button>`;
  }

  #versionList(): TemplateResult {
    return html`<select
      class="small"
      data-testid="marks-versions"
      aria-label=${t('ecg.marks.versions')}
      @change=${(event: Event) => this.#takeVersion(event.target as HTMLSelectElement)}
    >
      <option value="">${t('ecg.marks.versions')}</option>
      ${this.versions.map(
        (one, n) =>
          html`<option value=${n} ?disabled=${this.hold === null || (one.marks === null && one.values !== null)}>
            ${one.version} · ${one.by_name} · ${fullMoment(one.at)}${one.values === null ? ` · ${t('ecg.marks.measured')}` : ''}
          </option>`,
      )}
    </select>`;
  }

  #lines(name: MarkName, sheet: BeatSheet, scale: BeatScale, median: MedianBeat): TemplateResult | typeof nothing {
    const at = this.marks?.[name];
    if (at === null || at === undefined) return nothing;
    const x = xOf(sheet, scale, (at - beatOf(median, this.#measured).onset) / median.hz);
    const cells = Array.from({ length: sheet.columns }, (_, column) => column * scale.cellWidth + x);
    return html`${cells.map((left) => html`<i class="line ${name}" data-testid="mark-line-${name}" style="left: ${left}px"></i>`)}`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (this.stage !== null) this.#resizes.observe(this.stage);
    const median = this.#median;
    const context = this.canvas?.getContext('2d');
    if (median === null || this.marks === null || !context) return;
    const beat = beatOf(median, this.#measured);
    const sheet = this.#sheet(median);
    const scale = scaleOf(sheet, this.room.width, this.room.height, this.zoom);
    paintBeats(context, sheet, scale, [{ ...beat, colour: NEW_INK, dashed: false }], globalThis.devicePixelRatio || 1);
  }

  override firstUpdated(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[role=slider]')?.focus());
  }

  /** Keys that are not meant for a mark; false for others. */
  key(key: string): boolean {
    if (key === 'a') this.#turnView();
    else if (key === '+' || key === '=') this.zoom = nextOf(ZOOMS, this.zoom, 1);
    else if (key === '-') this.zoom = nextOf(ZOOMS, this.zoom, -1);
    else return false;
    return true;
  }

  #turnView(): void {
    this.view = this.view === 'over' ? 'apart' : 'over';
  }

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.stage ?? this;
    if (width > 0 && (width !== this.room.width || height !== this.room.height)) this.room = { width, height };
  }

  /** One lead alone, and back to all of them. */
  #enlarge(event: MouseEvent, sheet: BeatSheet, scale: BeatScale): void {
    const [column, row] = [Math.floor(event.offsetX / scale.cellWidth), Math.floor(event.offsetY / scale.cellHeight)];
    const cell = sheet.cells.find((one) => one.column === column && one.row === row);
    event.stopPropagation();
    if (this.view === 'apart' && cell !== undefined) this.view = { lead: cell.lead };
    else this.view = 'apart';
  }

  /** The nearest mark is taken hold of and follows the pointer. */
  #press(event: PointerEvent, sheet: BeatSheet, scale: BeatScale): void {
    const { canvas, marks } = this;
    const median = this.#median;
    if (this.hold === null || canvas === null || marks === null || median === null) return;
    const column = Math.floor(event.offsetX / scale.cellWidth);
    const zero = beatOf(median, this.#measured).onset;
    const sampleAt = (x: number): number => zero + secondsAt(sheet, scale, x - column * scale.cellWidth) * median.hz;
    const reach = (GRIP_PX / scale.perSecond) * median.hz;
    const name = nearest(marks, sampleAt(event.offsetX), reach);
    if (name === null) return;
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>(`[data-testid=mark-${name}]`)?.focus();
    this.#history.note(marks);
    canvas.setPointerCapture(event.pointerId);
    const left = canvas.getBoundingClientRect().left;
    canvas.onpointermove = (move) => this.#set(moved(marks, name, sampleAt(move.clientX - left), lengthOf(median)));
    canvas.onpointerup = canvas.onpointercancel = () => {
      canvas.onpointermove = canvas.onpointerup = canvas.onpointercancel = null;
    };
  }

  #key(event: KeyboardEvent, name: MarkName): void {
    const [undoes, keeps] = [event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey), event.key === 'Enter'];
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (undoes) this.#undo();
    else if (keeps && !event.ctrlKey && !event.metaKey) void this.#keep();
    else if (by !== 0) this.#step(name, by * (event.shiftKey ? LEAP : STEP));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(name: MarkName, by: number): void {
    const at = this.marks?.[name];
    if (this.marks === null || this.#median === null || at === null || at === undefined) return;
    this.#change(moved(this.marks, name, at + by, lengthOf(this.#median)));
  }

  #setWave(wave: 'p' | 't', there: boolean): void {
    if (this.marks === null || this.#median === null) return;
    this.#change(there ? withWave(this.marks, wave, this.#median.hz, lengthOf(this.#median)) : withoutWave(this.marks, wave));
  }

  #takeVersion(select: HTMLSelectElement): void {
    const picked = this.versions[Number(select.value)];
    if (select.value !== '' && picked !== undefined) this.#change(picked.marks ?? this.#measured);
    select.value = '';
  }

  readonly #undo = (): void => {
    if (this.marks !== null) this.#set(this.#history.back(this.marks));
  };

  #change(marks: Marks | null): void {
    if (marks === null || this.marks === null) return;
    this.#history.note(this.marks);
    this.#set(marks);
  }

  #set(marks: Marks): void {
    this.marks = marks;
    const median = this.#median;
    this.tell('marks', this.#isNew && median ? valuesOf(marks, median.hz, this.ecg.measured?.overall['hr'] ?? null) : null);
  }

  readonly #keep = async (): Promise<void> => {
    const { hold, marks } = this;
    if (hold === null || marks === null || !this.#isNew || this.busy) return;
    this.busy = true;
    try {
      const own = this.versions.filter(({ task_id }) => task_id === hold.task).map(({ version }) => version);
      const kept = sameMarks(marks, this.#measured) ? null : marks;
      const done = await ecgs.keepMarks(hold.task, hold.token, this.ecg.sop_instance_uid, Math.max(0, ...own), kept);
      this.#history.clear();
      this.versions = [done, ...this.versions];
      this.tell('marks', null);
      this.tell('marks-kept', done);
    } catch (error) {
      notify(inWords(error), 'danger');
      await this.#loadVersions();
    } finally {
      this.busy = false;
    }
  };

  async #loadVersions(): Promise<void> {
    const of = this.ecg.sop_instance_uid;
    const found = await ecgs.marks(this.studyUid, of).catch(() => []);
    if (of === this.ecg.sop_instance_uid) this.versions = found;
  }
}

function nearest(marks: Marks, sample: number, reach: number): MarkName | null {
  const away = (name: MarkName): number => Math.abs((marks[name] ?? Infinity) - sample);
  const best = [...MARK_NAMES].sort((a, b) => away(a) - away(b))[0];
  return best !== undefined && away(best) <= reach ? best : null;
}
