import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series, Study, Task } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import type { CellViewport } from './cell-viewport.ts';
import { Cine } from './cine.ts';
import { nextInClip, type FrameStack } from './frames.ts';
import { isKind } from './measuring/kinds.ts';
import type { MeasuringLayer } from './measuring/measuring-layer.ts';
import type { Pixels } from './measuring/values.ts';
import type { Point3 } from './orientation.ts';
import { overlay } from './overlay.ts';
import { tellQuality } from './quality.ts';
import type { Look, StackState, StackView, ToolName, Turn, Voi } from './stack-view.ts';
import { openStackView } from './stack.ts';
import { habits } from './stage/habits.ts';
import { viewportStyles } from './viewport-styles.ts';
import './measuring/measuring-layer.ts';
import './planes/planes-layer.ts';

export type ViewCommand = 'invert' | 'rotate' | 'flip' | 'upend' | 'fit' | 'actual' | 'reset' | 'clear' | 'cine';

/** One viewport with its overlays. Fires `stack-state` at every change. */
@customElement('image-viewport')
export class ImageViewport extends AppElement implements CellViewport {
  @property({ attribute: false }) study!: Study | Task;
  @property({ attribute: false }) series!: Series;
  @property({ attribute: false }) stack: FrameStack | null = null;
  /** The image that is shown first, counted from 0. */
  @property({ type: Number }) start = 0;
  /** The window it opens with; `null` for the image's own. */
  @property({ attribute: false }) opening: Voi | null = null;
  @property() tool: ToolName = 'window';
  @state() private shown: StackState | null = null;
  @state() private startError = false;
  @state() private playing = false;
  /** The picture of the series that lists show, large, until the image itself is drawn. */
  @state() private previewed: string | null = null;
  @query('.canvas') private canvas!: HTMLDivElement;
  @query('measuring-layer') private layer!: MeasuringLayer | null;

  #view: StackView | null = null;
  readonly #cine = new Cine(() => this.#nextFrame());
  #opened = true;

  static override styles = [base, controls, viewportStyles];

  constructor() {
    super();
    this.watch(habits);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopCine();
    this.#view?.destroy();
    this.#view = null;
    tellQuality(this, null);
  }

  protected override firstUpdated(): void {
    void this.#open();
  }

  /** Nothing of another series is seen, or told, while this one comes. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('stack') && this.stack === null) this.shown = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('stack')) this.#show();
    else if (changed.has('start')) this.goTo(this.start);
    if (changed.has('opening') && !changed.has('stack') && this.opening !== null) this.setVoi(this.opening);
    if (changed.has('tool')) this.#view?.useTool(this.tool);
    this.#tellQuality();
  }

  get isPlaying(): boolean {
    return this.playing;
  }

  /** What it shows now; `null` before the first image. */
  get state(): StackState | null {
    return this.shown;
  }

  setVoi(voi: Voi): void {
    this.#view?.setVoi(voi);
  }

  look(): Look | null {
    return this.#view?.look() ?? null;
  }

  setLook(look: Look): void {
    this.#view?.setLook(look);
  }

  turn(): Turn | null {
    return this.#view?.turn() ?? null;
  }

  setTurn(turn: Turn): void {
    this.#view?.setTurn(turn);
  }

  isInverted(): boolean {
    return this.#view?.isInverted() ?? false;
  }

  /** So that one pixel of the image takes that many of the screen. */
  zoomTo(scale: number): void {
    this.#view?.zoomTo(scale);
  }

  /** Where a place in the patient lies on this element, in CSS pixels; `null` before the first image. */
  project(world: Point3): readonly [number, number] | null {
    return this.shown?.rendered === true ? (this.#view?.project(world) ?? null) : null;
  }

  /** The image as a whole and upright; returns its window, which that forgets. */
  showWhole(): Voi | null {
    const voi = this.shown?.voi ?? null;
    this.#view?.reset();
    return voi;
  }

  step(by: number): void {
    this.#view?.scroll(by);
  }

  goTo(index: number): void {
    this.#view?.goTo(index);
  }

  run(command: ViewCommand): void {
    if (command === 'cine') this.#toggleCine();
    else if (command === 'clear') this.layer?.removeChosen();
    else if (command === 'actual') this.zoomTo(1);
    else this.#view?.[command]();
  }

  override render(): TemplateResult {
    const shown = this.#withPreview();
    const voi = shown?.voi ? `${Math.round(shown.voi.width)}/${Math.round(shown.voi.center)}` : '';
    return html`<div
      class="viewport"
      role="img"
      aria-label=${t('viewer.label')}
      data-testid="viewport"
      data-loaded=${shown?.rendered ?? false}
      data-image-index=${shown?.index ?? 0}
      data-image-count=${shown?.count ?? 0}
      data-voi=${voi}
      data-quality=${shown?.quality ?? (this.#previewing ? 'partial' : 'loading')}
      data-rendering=${shown?.cpu ? 'cpu' : 'gpu'}
      @contextmenu=${(event: Event) => event.preventDefault()}
    >
      <div class="canvas ${this.shown === null ? 'blank' : ''}"></div>
      ${this.#preview()}
      ${this.#planes(shown)}
      ${shown === null || this.stack === null ? nothing : overlay(this.study, this.series, this.stack, shown, habits.value)}
      ${this.#measuring(shown)}
      ${this.#message()}
    </div>`;
  }

  #planes(shown: StackState | null): TemplateResult | typeof nothing {
    const frame = this.stack?.frames[shown?.index ?? 0];
    if (shown === null || frame === undefined) return nothing;
    const { overlays, shutter } = habits.value;
    return html`<planes-layer
      .frame=${frame}
      .placement=${shown.rendered ? shown.placement : null}
      .overlays=${overlays}
      .shutter=${shutter}
    ></planes-layer>`;
  }

  #measuring(shown: StackState | null): TemplateResult | typeof nothing {
    const frame = this.stack?.frames[shown?.index ?? 0];
    if (shown === null || frame === undefined) return nothing;
    return html`<measuring-layer
      .study=${this.study.study_instance_uid}
      .series=${this.series.series_instance_uid}
      .frame=${frame}
      .placement=${shown.rendered ? shown.placement : null}
      .tool=${isKind(this.tool) ? this.tool : null}
      .pixels=${this.#pixels}
    ></measuring-layer>`;
  }

  readonly #pixels = (): Pixels | null => this.#view?.pixels() ?? null;

  /** Of a series of one image alone: of others the picture shows another image than the first. */
  get #previewUrl(): string | null {
    const single = this.series.instances === 1 && (this.stack === null || this.stack.frames.length === 1);
    return single && this.shown?.rendered !== true && this.shown?.error == null ? this.series.preview : null;
  }

  get #previewing(): boolean {
    return this.previewed !== null && this.previewed === this.#previewUrl;
  }

  #withPreview(): StackState | null {
    return this.shown !== null && this.shown.quality === 'loading' && this.#previewing ? { ...this.shown, quality: 'partial' } : this.shown;
  }

  #preview(): TemplateResult | typeof nothing {
    const url = this.#previewUrl;
    if (url === null) return nothing;
    return html`<img
      class="preview"
      alt=""
      data-testid="preview"
      src=${url}
      @load=${() => (this.previewed = url)}
      @error=${() => (this.previewed = null)}
    />`;
  }

  #message(): TemplateResult | typeof nothing {
    if (this.startError) return message(t('viewer.error.start'), '');
    if (this.stack !== null && this.stack.frames.length === 0) return message(t('viewer.empty'), '');
    const error = this.shown?.error ?? null;
    return error === null ? nothing : message(t('viewer.error'), t(`viewer.error.${error}`));
  }

  async #open(): Promise<void> {
    try {
      const view = await openStackView(this.canvas, (state) => this.#changed(state));
      if (!this.isConnected) {
        view.destroy();
        return;
      }
      this.#view = view;
      view.useTool(this.tool);
      this.#show();
    } catch {
      this.startError = true;
    }
  }

  #show(): void {
    this.#stopCine();
    if (this.#view === null || this.stack === null || this.stack.frames.length === 0) return;
    this.#opened = this.opening === null;
    void this.#view.show(this.stack, Math.min(this.start, this.stack.frames.length - 1));
  }

  /** What the engine still tells of the stack before is not of this series. */
  #changed(state: StackState): void {
    if (this.stack === null) return;
    this.shown = state;
    if (state.rendered && !this.#opened) {
      this.#opened = true;
      if (this.opening !== null) this.#view?.setVoi(this.opening);
    }
    this.tell('stack-state', state);
  }

  /** An image that cannot be shown is not in full quality either; a series without images has none to show. */
  #tellQuality(): void {
    const quality = this.#withPreview()?.quality ?? 'loading';
    const isNothing = this.stack?.frames.length === 0;
    tellQuality(this, quality === 'full' || isNothing ? null : { series: this.series.series_instance_uid, quality });
  }

  #toggleCine(): void {
    if (this.playing) {
      this.#stopCine();
      return;
    }
    if ((this.shown?.count ?? 0) < 2) return;
    this.playing = true;
    this.#cine.start((index) => this.stack?.frameMs[index] ?? 0, () => this.shown?.index ?? 0);
    this.tell('stack-state', this.shown);
  }

  /** Waits for a frame that has not arrived yet rather than skipping it; a clip begins again at its own first frame. */
  #nextFrame(): boolean {
    const shown = this.shown;
    if (shown === null || this.stack === null || (!shown.rendered && shown.error === null)) return false;
    this.#view?.goTo(nextInClip(this.stack.frames, shown.index));
    return true;
  }

  #stopCine(): void {
    this.#cine.stop();
    this.playing = false;
  }
}

function message(title: string, text: string): TemplateResult {
  return html`<div class="message" role="alert">${icon('warning', 28)}<strong>${title}</strong><span>${text}</span></div>`;
}
