import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { StudyDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { isForControl, isPlain, isTyping } from '../lib/keys.ts';
import { links } from '../router.ts';
import { currentUser } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import type { CellViewport } from './cell-viewport.ts';
import type { Frame } from './frames.ts';
import { hangAction, isHangAction, type HangMenu } from './hanging/hang-menu.ts';
import { hanging } from './hanging/known-hanging.ts';
import { idleEntries, type EntryName } from './idle-entries.ts';
import type { ViewCommand } from './image-viewport.ts';
import { placeMark, type MarkShape } from './marks.ts';
import { goToMeasurement, pickedMeasurement, reportMeasurement } from './measured.ts';
import { measurementsOf } from './measuring/kept.ts';
import type { Measurement } from './measuring/kinds.ts';
import type { WindowPreset } from './presets.ts';
import { showReal } from './real-size.ts';
import type { ToolName } from './stack-view.ts';
import type { Cell } from '../store.ts';
import { warmUp } from './stack.ts';
import { openScreen, ScreenTeller } from './screen/screen-channel.ts';
import { toldOf } from './screen/told-stage.ts';
import { Director } from './stage/director.ts';
import type { DraggedSeries } from './stage/dragged-series.ts';
import { Following } from './stage/following.ts';
import { habits, recallHabits, toggleHabit } from './stage/habits.ts';
import type { LayoutName } from './stage/layouts.ts';
import { compareOrSay, cutOrSay } from './stage/said.ts';
import { activeContent, isSame, stepActive, toggleEnlarged, withActive, type CellContent, type Stage } from './stage/stage.ts';
import type { CellDrop, CellState, StageGrid } from './stage/stage-grid.ts';
import { studyViewerStyles } from './study-viewer-styles.ts';
import { intentOf, type Intent, type StageAction } from './viewer-keys.ts';
import '../keyimages/key-image-button.ts';
import './keys-help.ts';
import './mark-buttons.ts';
import './measuring/measuring-panel.ts';
import './mpr/mpr-bar.ts';
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
  /** For readers: protocols, and earlier studies to compare with. */
  @property({ type: Boolean }) workstation = false;
  @state() private marking: MarkShape | null = null;
  @state() private frame: Frame | null = null;
  @state() private tool: ToolName = 'window';
  @state() private frameCount = 0;
  @state() private playing = false;
  /** Whether the list of measurements is open. */
  @state() private listing = false;
  @query('stage-grid') private grid!: StageGrid | null;
  @query('hang-menu') private menu!: HangMenu | null;

  /** What stands in which cell. */
  readonly director = new Director();
  readonly #following = new Following();
  #teller: ScreenTeller | null = null;
  #stop = (): void => undefined;
  #wasCut = false;
  #shownBefore: CellContent | null = null;

  static override styles = [base, controls, studyViewerStyles];

  constructor() {
    super();
    const { stage, steps, others, hung, priors } = this.director;
    for (const cell of [habits, stage, steps, others, hung, priors]) this.watch(cell as Cell<unknown>);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
    recallHabits();
    const user = currentUser();
    this.#stop = hanging.subscribe(() => void this.director.relist());
    if (this.workstation && user !== null) this.#teller = new ScreenTeller(user.username, () => toldOf(this.#stage, this.grid?.cells ?? []));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    this.#stop();
    this.#teller?.close();
    this.#teller = null;
  }

  protected override updated(): void {
    this.#teller?.tell();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('markable') && this.hasUpdated) void measurementsOf(this.study.study_instance_uid).load().catch(() => undefined);
    if (changed.has('study')) this.#opened(changed.get('study') as StudyDetail | undefined);
    this.#handCrosshair();
    const shown = this.#shown;
    if (isSame(this.#shownBefore, shown)) return;
    this.#shownBefore = shown;
    this.marking = null;
    this.#follow(this.#stage.active);
  }

  override render(): TemplateResult {
    if (this.study.series_list.length === 0) return html`<div class="none">${t('viewer.no_series')}</div>`;
    const { director } = this;
    return html`
      <series-strip
        .study=${this.study}
        .priors=${director.priors.value}
        .current=${this.#shown?.series.series_instance_uid ?? ''}
        @pick-series=${(event: CustomEvent<DraggedSeries>) => director.pick(event.detail, this.#stage.active)}
      ></series-strip>
      <div class="stage">
        ${this.#isImage || this.#stage.cells.length > 1 ? this.#toolbar() : nothing}
        ${this.listing ? this.#measurements() : nothing}
        <stage-grid
          .stage=${this.#stage}
          .stacks=${director.stacks}
          .tool=${this.tool}
          .lines=${habits.value.lines}
          .marking=${this.marking}
          .frame=${this.frame}
          .held=${this.markable}
          @cell-active=${(event: CustomEvent<number>) => director.put(withActive(this.#stage, event.detail))}
          @cell-enlarge=${(event: CustomEvent<number>) => director.put(toggleEnlarged(withActive(this.#stage, event.detail)))}
          @cell-state=${this.#cellState}
          @drop-series=${(event: CustomEvent<CellDrop>) => director.pick(event.detail, event.detail.cell)}
        ></stage-grid>
      </div>
    `;
  }

  get #stage(): Stage {
    return this.director.stage.value;
  }

  get #shown(): CellContent | null {
    return activeContent(this.#stage);
  }

  get #isImage(): boolean {
    return this.#shown?.series.kind === 'image';
  }

  /** Whether it is cut out of a stack, and no image of its own. */
  get #isPlane(): boolean {
    return (this.#shown?.plane ?? null) !== null;
  }

  get #idle(): ReadonlySet<EntryName> {
    return idleEntries(this.#isPlane, this.grid?.activeCell?.shownStack ?? null);
  }

  get #viewport(): CellViewport | null {
    return this.grid?.activeCell?.viewport ?? null;
  }

  #toolbar(): TemplateResult {
    const { director } = this;
    return html`<viewer-toolbar
      .tool=${this.tool}
      .layout=${this.#stage.layout}
      .habits=${habits.value}
      .idle=${this.#idle}
      .workstation=${this.workstation}
      .presets=${this.#shown?.series.modality === 'CT'}
      .cine=${this.frameCount > 1 && !this.#isPlane}
      .playing=${this.playing}
      @pick-tool=${(event: CustomEvent<ToolName>) => this.#use(event.detail)}
      @pick-layout=${(event: CustomEvent<LayoutName>) => director.arrange(event.detail)}
      @view-command=${(event: CustomEvent<ViewCommand>) => this.#run(event.detail)}
      @stage-action=${(event: CustomEvent<StageAction>) => this.#act(event.detail)}
      @pick-preset=${(event: CustomEvent<WindowPreset>) => this.#viewport?.setVoi(event.detail)}
    >
      ${!this.#isPlane ? nothing : html`<mpr-bar .stack=${this.grid?.activeCell?.shownStack ?? null}></mpr-bar>`}
      ${this.workstation ? html`<hang-menu .director=${director} .hung=${director.hung.value} .steps=${director.steps.value} .others=${director.others.value}></hang-menu>` : nothing}
      ${this.markable && this.#isImage && !this.#isPlane
        ? html`<mark-buttons .marking=${this.marking} @mark-shape=${(event: CustomEvent<MarkShape | null>) => this.#mark(event.detail)}></mark-buttons>
            <key-image-button .frame=${this.frame}></key-image-button>`
        : nothing}
      ${this.help ? html`<keys-help></keys-help>` : nothing}
    </viewer-toolbar>`;
  }

  #opened(before: StudyDetail | undefined): void {
    if (before?.study_instance_uid === this.study.study_instance_uid) return this.director.refresh(this.study);
    if (this.study.series_list.some(({ kind }) => kind === 'image')) warmUp();
    placeMark.set(null);
    this.#following.forget();
    this.director.open(this.study, this.workstation);
  }

  /** In hand as long as planes are cut. */
  #handCrosshair(): void {
    const isCut = this.#stage.cells.some((shown) => shown !== null && shown.plane !== null);
    if (isCut !== this.#wasCut) this.tool = isCut ? 'crosshair' : 'window';
    this.#wasCut = isCut;
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
    if (action === 'enlarge') this.director.put(toggleEnlarged(this.#stage));
    else if (action === 'measurements') this.listing = !this.listing;
    else if (action === 'report') this.#report(pickedMeasurement(this.#shownStudy, this.frame));
    else if (action === 'real') this.#try(() => showReal(this.frame ?? this.grid?.activeCell?.shownStack?.frames[0] ?? null, this.#viewport));
    else if (action === 'screen') this.#openScreen();
    else if (action === 'mpr') this.#try(() => cutOrSay(this.director));
    else if (action === 'prior') this.#compare();
    else if (isHangAction(action)) this.#try(() => hangAction(action, this.menu));
    else {
      toggleHabit(action);
      this.#following.forget();
    }
  }

  get #shownStudy(): StudyDetail {
    return this.#shown?.study ?? this.study;
  }

  #measurements(): TemplateResult {
    return html`<measuring-panel
      .study=${this.#shownStudy}
      .stacks=${this.director.stacks}
      @measurements-close=${() => (this.listing = false)}
      @measurement-go=${(event: CustomEvent<Measurement>) => this.#try(() => goToMeasurement(this.director, this.#viewport, event.detail))}
      @measurement-report=${(event: CustomEvent<Measurement>) => this.#report(event.detail)}
    ></measuring-panel>`;
  }

  #report(one: Measurement | undefined): void {
    this.#try(() => reportMeasurement(this, this.director.stacks, this.#shownStudy, one));
  }

  #openScreen(): void {
    if (this.workstation && !openScreen(links.screen)) notify(t('screen.blocked'), 'warn');
  }

  #compare(): void {
    this.#following.forget();
    if (this.workstation) this.#try(() => compareOrSay(this.director));
  }

  #try(work: () => Promise<void>): void {
    work().catch((error: unknown) => notify(inWords(error), 'danger'));
  }

  readonly #cellState = (event: CustomEvent<CellState>): void => {
    const { cell } = event.detail;
    if (cell === this.#stage.active) this.#follow(cell);
    this.#teller?.tell();
    this.#following.changed(this.grid?.cells ?? [], cell, this.#stage.active, habits.value);
  };

  /** What is told of the active cell, as far as it shows already what stands in it. */
  #follow(index: number): void {
    const cell = this.grid?.cells[index];
    const isThere = cell !== undefined && isSame(cell.content, this.#stage.cells[index] ?? null);
    const shown = isThere ? (cell.viewport?.state ?? null) : null;
    this.frameCount = shown?.count ?? 0;
    this.frame = shown === null || this.#isPlane ? null : (cell?.shownStack?.frames[shown.index] ?? null);
    this.playing = (isThere && cell.viewport?.isPlaying) ?? false;
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event) || pending.value !== null) return;
    if (isForControl(event)) return;
    const intent = intentOf(event, this.#shown?.series.modality === 'CT');
    if (intent !== null && this.#does(intent)) event.preventDefault();
  };

  #does(intent: Intent): boolean {
    if (intent.kind === 'series') this.director.stepSeries(intent.by);
    else if (intent.kind === 'cell') this.director.put(stepActive(this.#stage, intent.by));
    else if (intent.kind === 'layout') this.director.arrange(intent.layout);
    else if (intent.kind === 'action' && intent.action === 'enlarge') this.#act(intent.action);
    // An ECG has calipers and letters of its own.
    else if (!this.#isImage || this.#isIdle(intent)) return false;
    else if (intent.kind === 'action') this.#act(intent.action);
    else this.#onImage(intent);
    return true;
  }

  #isIdle(intent: Intent): boolean {
    if (intent.kind === 'tool') return this.#idle.has(intent.tool);
    if (intent.kind === 'command') return this.#idle.has(intent.command);
    return intent.kind === 'action' && this.#idle.has(intent.action);
  }

  #onImage(intent: Intent): void {
    if (intent.kind === 'step') this.#viewport?.step(intent.by);
    else if (intent.kind === 'end') this.#viewport?.goTo(intent.last ? this.frameCount - 1 : 0);
    else if (intent.kind === 'tool') this.#use(intent.tool);
    else if (intent.kind === 'command') this.#run(intent.command);
    else if (intent.kind === 'preset') this.#viewport?.setVoi(intent.preset);
  }
}
