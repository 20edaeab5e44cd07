import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series, StudyDetail } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { isForControl, isPlain, isTyping } from '../lib/keys.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import type { Frame } from './frames.ts';
import type { ImageViewport, ViewCommand } from './image-viewport.ts';
import { placeMark, type MarkShape } from './marks.ts';
import { chosen, measurementsOf } from './measuring/kept.ts';
import type { Measurement } from './measuring/kinds.ts';
import { find, isOf } from './measuring/places.ts';
import { sentence } from './measuring/wording.ts';
import type { WindowPreset } from './presets.ts';
import type { ToolName } from './stack-view.ts';
import { warmUp } from './stack.ts';
import type { DraggedSeries } from './stage/dragged-series.ts';
import type { LayoutName } from './stage/layouts.ts';
import { StackStore } from './stage/stack-store.ts';
import {
  activeContent,
  content,
  EMPTY_STAGE,
  stepActive,
  toggleEnlarged,
  withActive,
  withContent,
  withLayout,
  type CellContent,
  type Stage,
} from './stage/stage.ts';
import type { CellDrop, CellState, StageGrid } from './stage/stage-grid.ts';
import { studyViewerStyles } from './study-viewer-styles.ts';
import { intentOf, type Intent, type StageAction } from './viewer-keys.ts';
import '../keyimages/key-image-button.ts';
import './keys-help.ts';
import './measuring/measuring-panel.ts';
import './series-strip.ts';
import './stage/stage-grid.ts';
import './viewer-toolbar.ts';

/** The pictures of a study: series at the left, cells with those that are looked at, keys for both hands. */
@customElement('study-viewer')
export class StudyViewer extends AppElement {
  @property({ attribute: false }) study!: StudyDetail;
  /** Whether places in images may be marked for the clinic. */
  @property({ type: Boolean }) markable = false;
  /** Whether it shows the keyboard map itself; a page with keys of its own has one for all. */
  @property({ attribute: false }) help = true;
  @state() private stage: Stage = EMPTY_STAGE;
  @state() private marking: MarkShape | null = null;
  @state() private frame: Frame | null = null;
  @state() private tool: ToolName = 'window';
  @state() private frameCount = 0;
  @state() private playing = false;
  /** Whether the list of measurements is open. */
  @state() private listing = false;
  @query('stage-grid') private grid!: StageGrid | null;

  #stacks = new StackStore();

  static override styles = [base, controls, studyViewerStyles];

  constructor() {
    super();
    this.watch(placeMark);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('markable') && this.hasUpdated) void measurementsOf(this.study.study_instance_uid).load().catch(() => undefined);
    if (!changed.has('study')) return;
    const before = changed.get('study') as StudyDetail | undefined;
    if (before?.study_instance_uid === this.study.study_instance_uid) return;
    if (this.study.series_list.some(({ kind }) => kind === 'image')) warmUp();
    this.#stacks = new StackStore();
    placeMark.set(null);
    const first = this.study.series_list.find(({ kind }) => kind !== 'document') ?? this.study.series_list[0];
    this.#put(withContent(EMPTY_STAGE, 0, first === undefined ? null : content(this.study, first)));
  }

  override render(): TemplateResult {
    if (this.study.series_list.length === 0) return html`<div class="none">${t('viewer.no_series')}</div>`;
    return html`
      <series-strip
        .study=${this.study}
        .current=${this.#shown?.series.series_instance_uid ?? ''}
        @pick-series=${(event: CustomEvent<DraggedSeries>) => this.#pick(event.detail, this.stage.active)}
      ></series-strip>
      <div class="stage">
        ${this.#isImage || this.stage.cells.length > 1 ? this.#toolbar() : nothing}
        ${this.#measurements()}
        <stage-grid
          .stage=${this.stage}
          .stacks=${this.#stacks}
          .tool=${this.tool}
          .marking=${this.marking}
          .frame=${this.frame}
          .held=${this.markable}
          @cell-active=${(event: CustomEvent<number>) => this.#put(withActive(this.stage, event.detail))}
          @cell-enlarge=${(event: CustomEvent<number>) => this.#put(toggleEnlarged(withActive(this.stage, event.detail)))}
          @cell-state=${this.#cellState}
          @drop-series=${(event: CustomEvent<CellDrop>) => this.#pick(event.detail, event.detail.cell)}
        ></stage-grid>
      </div>
    `;
  }

  get #shown(): CellContent | null {
    return activeContent(this.stage);
  }

  get #isImage(): boolean {
    return this.#shown?.series.kind === 'image';
  }

  get #viewport(): ImageViewport | null {
    return this.grid?.activeCell?.viewport ?? null;
  }

  #toolbar(): TemplateResult {
    return html`<viewer-toolbar
      .tool=${this.tool}
      .layout=${this.stage.layout}
      .presets=${this.#shown?.series.modality === 'CT'}
      .cine=${this.frameCount > 1}
      .playing=${this.playing}
      @pick-tool=${(event: CustomEvent<ToolName>) => this.#use(event.detail)}
      @pick-layout=${(event: CustomEvent<LayoutName>) => this.#arrange(event.detail)}
      @view-command=${(event: CustomEvent<ViewCommand>) => this.#run(event.detail)}
      @stage-action=${(event: CustomEvent<StageAction>) => this.#act(event.detail)}
      @pick-preset=${(event: CustomEvent<WindowPreset>) => this.#viewport?.setVoi(event.detail)}
      >${this.markable && this.#isImage ? html`${this.#markButtons()}<key-image-button .frame=${this.frame}></key-image-button>` : nothing}${this.help ? html`<keys-help></keys-help>` : nothing}</viewer-toolbar
    >`;
  }

  #markButtons(): TemplateResult {
    return html`${(['rectangle', 'arrow'] as const).map(
      (shape) =>
        html`<button
          class="small quiet"
          data-testid="mark-${shape}"
          title=${t('marks.hint')}
          aria-pressed=${this.marking === shape}
          @click=${() => this.#mark(this.marking === shape ? null : shape)}
        >
          ${t(`marks.${shape}`)}
        </button>`,
    )}
    ${placeMark.value === null
      ? nothing
      : html`<button class="small quiet" data-testid="mark-remove" @click=${() => placeMark.set(null)}>${t('marks.remove')}</button>`}`;
  }

  /** The sheet knows where the image is only while it is shown whole and upright. */
  #mark(shape: MarkShape | null): void {
    const voi = this.marking === null && shape !== null ? this.#viewport?.showWhole() : null;
    if (voi) this.#viewport?.setVoi(voi);
    this.marking = shape;
  }

  #use(tool: ToolName): void {
    this.marking = null;
    this.tool = tool;
  }

  #run(command: ViewCommand): void {
    this.marking = null;
    this.#viewport?.run(command);
  }

  #act(action: StageAction): void {
    if (action === 'enlarge') this.#put(toggleEnlarged(this.stage));
    else if (action === 'measurements') this.listing = !this.listing;
    else if (action === 'report') void this.#report(this.#pickedMeasurement);
  }

  get #shownStudy(): StudyDetail {
    return this.#shown?.study ?? this.study;
  }

  #measurements(): TemplateResult | typeof nothing {
    if (!this.listing) return nothing;
    return html`<measuring-panel
      .study=${this.#shownStudy}
      .stacks=${this.#stacks}
      @measurements-close=${() => (this.listing = false)}
      @measurement-go=${(event: CustomEvent<Measurement>) => void this.#goTo(event.detail)}
      @measurement-report=${(event: CustomEvent<Measurement>) => void this.#report(event.detail)}
    ></measuring-panel>`;
  }

  /** The chosen one, else what was drawn last on the image in hand, else in the study. */
  get #pickedMeasurement(): Measurement | undefined {
    const items = measurementsOf(this.#shownStudy.study_instance_uid).items.value;
    const { frame } = this;
    const here = frame === null ? [] : items.filter((one) => isOf(frame, one));
    return items.find(({ id }) => id === chosen.value) ?? here.at(-1) ?? items.at(-1);
  }

  async #goTo(one: Measurement): Promise<void> {
    const study = this.#shownStudy;
    const found = await find(this.#stacks, study, one).catch(() => null);
    if (found === null) return;
    const isOpen = this.#shown?.series.series_instance_uid === one.series_instance_uid;
    if (isOpen) this.#viewport?.goTo(found.index);
    else this.#put(withContent(this.stage, this.stage.active, content(study, found.series, { ...this.#shown, study, series: found.series, start: found.index, voi: null })));
  }

  /** Offers the sentence to whoever writes; says so when nobody does. */
  async #report(one: Measurement | undefined): Promise<void> {
    const found = one === undefined ? null : await find(this.#stacks, this.#shownStudy, one).catch(() => null);
    if (one === undefined || found === null) {
      notify(t('measure.into_report.none'));
      return;
    }
    const detail = sentence(one, { series: found.number, image: found.index + 1 });
    const isFree = this.dispatchEvent(new CustomEvent('report-words', { detail, bubbles: true, composed: true, cancelable: true }));
    if (isFree) notify(t('measure.into_report.no_editor'));
  }

  #arrange(layout: LayoutName): void {
    const waiting = this.study.series_list.filter(({ kind }) => kind === 'image').map((series) => content(this.study, series));
    this.#put(withLayout(this.stage, layout, waiting));
  }

  /** Everything that is told of the active cell follows it. */
  #put(stage: Stage): void {
    const isOther = stage.active !== this.stage.active || stage.cells[stage.active] !== this.#shown;
    this.stage = stage;
    if (!isOther) return;
    this.marking = null;
    this.frame = null;
    this.frameCount = 0;
    this.playing = false;
    const cell = this.grid?.cells[stage.active];
    if (cell !== undefined && cell.content === stage.cells[stage.active]) this.#follow(stage.active);
  }

  readonly #cellState = (event: CustomEvent<CellState>): void => {
    if (event.detail.cell === this.stage.active) this.#follow(event.detail.cell);
  };

  #follow(index: number): void {
    const cell = this.grid?.cells[index];
    const shown = cell?.viewport?.state ?? null;
    this.frameCount = shown?.count ?? 0;
    this.frame = cell?.shownStack?.frames[shown?.index ?? 0] ?? null;
    this.playing = cell?.viewport?.isPlaying ?? false;
  }

  #pick({ series: uid }: DraggedSeries, cell: number): void {
    const series = this.study.series_list.find(({ series_instance_uid }) => series_instance_uid === uid);
    if (series === undefined) return;
    this.#put(withContent(withActive(this.stage, cell), cell, content(this.study, series)));
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event) || pending.value !== null) return;
    if (isForControl(event)) return;
    const intent = intentOf(event, this.#shown?.series.modality === 'CT');
    if (intent !== null && this.#does(intent)) event.preventDefault();
  };

  #does(intent: Intent): boolean {
    switch (intent.kind) {
      case 'series':
        this.#stepSeries(intent.by);
        return true;
      case 'cell':
        this.#put(stepActive(this.stage, intent.by));
        return true;
      case 'layout':
        this.#arrange(intent.layout);
        return true;
      case 'action':
        // An ECG has calipers and letters of its own.
        if (intent.action !== 'enlarge' && this.#shown?.series.kind === 'ecg') return false;
        this.#act(intent.action);
        return true;
      default:
        if (this.#isImage) this.#onImage(intent);
        return this.#isImage;
    }
  }

  #onImage(intent: Intent): void {
    if (intent.kind === 'step') this.#viewport?.step(intent.by);
    else if (intent.kind === 'end') this.#viewport?.goTo(intent.last ? this.frameCount - 1 : 0);
    else if (intent.kind === 'tool') this.#use(intent.tool);
    else if (intent.kind === 'command') this.#run(intent.command);
    else if (intent.kind === 'preset') this.#viewport?.setVoi(intent.preset);
  }

  #stepSeries(by: number): void {
    const list: readonly Series[] = this.#shown?.study.series_list ?? this.study.series_list;
    const at = list.findIndex(({ series_instance_uid }) => series_instance_uid === this.#shown?.series.series_instance_uid);
    const next = list[at + by];
    const study = this.#shown?.study ?? this.study;
    if (next !== undefined) {
      this.#put(withContent(this.stage, this.stage.active, content(study, next, { isPrior: this.#shown?.isPrior ?? false })));
    }
  }
}
