import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series, StudyDetail } from '../../api/types.ts';
import { t } from '../../i18n/index.ts';
import { personName, sexAge } from '../../lib/patient.ts';
import { AppElement } from '../../ui/element.ts';
import { base } from '../../ui/styles.ts';
import type { CellViewport } from '../cell-viewport.ts';
import type { FrameStack } from '../frames.ts';
import type { ViewCommand } from '../image-viewport.ts';
import { edges, type Point3 } from '../orientation.ts';
import { tellQuality } from '../quality.ts';
import { dot } from '../stage/geometry.ts';
import type { Plane } from '../stage/stage.ts';
import type { Look, StackState, ToolName, Turn, Voi } from '../stack-view.ts';
import { viewportStyles } from '../viewport-styles.ts';
import { reconstructionOf, type Reconstruction } from './crosshair.ts';
import { CutPainter } from './cut-painter.ts';
import { dragKind, type DragKind } from './drag.ts';
import { mprStyles } from './mpr-styles.ts';
import { cuttingOf, directionOf, fromCut, onCut, reslice, sizeOf, type Cutting, type Volume } from './reslice.ts';
import { cutTurned, movedBy, turned, UPRIGHT, type TurnCommand } from './turns.ts';

const ANY_VOI: Voi = { width: 400, center: 40 };
const ZOOM_PER_PX = 0.005;

/** A plane cut out of a stack, with the crosshair that all planes share. Fires `stack-state` at every change. */
@customElement('mpr-viewport')
export class MprViewport extends AppElement implements CellViewport {
  @property({ attribute: false }) study!: StudyDetail;
  @property({ attribute: false }) series!: Series;
  @property({ attribute: false }) stack: FrameStack | null = null;
  @property() plane: Plane = 'axial';
  @property() tool: ToolName = 'crosshair';
  @state() private volume: Volume | null = null;
  @state() private failed = false;
  @state() private lies: Turn = UPRIGHT;
  @query('canvas') private canvas!: HTMLCanvasElement;

  readonly #painter = new CutPainter();
  readonly #resizes = new ResizeObserver(() => this.#resized());
  #made: Reconstruction | null = null;
  #stops: (() => void)[] = [];
  #drag: { kind: DragKind; x: number; y: number } | null = null;

  static override styles = [base, viewportStyles, mprStyles];
  readonly isPlaying = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
    this.addEventListener('wheel', this.#wheel, { passive: false });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    this.#leave();
    tellQuality(this, null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('stack')) this.#join();
    tellQuality(this, this.volume === null ? { series: this.series.series_instance_uid, quality: 'loading' } : null);
  }

  protected override updated(): void {
    this.#paint();
  }

  override render(): TemplateResult {
    const shown = this.state;
    return html`<div
      class="viewport"
      role="img"
      aria-label=${t(`mpr.${this.plane}`)}
      data-testid="mpr-viewport"
      data-plane=${this.plane}
      data-loaded=${this.volume !== null}
      data-image-index=${shown?.index ?? 0}
      data-image-count=${shown?.count ?? 0}
      data-crosshair=${this.#made?.crosshair.value.voxel?.join(',') ?? ''}
      @contextmenu=${(event: Event) => event.preventDefault()}
      @pointerdown=${this.#down}
      @pointermove=${this.#move}
      @pointerup=${() => (this.#drag = null)}
    >
      <canvas></canvas>
      ${this.volume === null ? this.#waiting() : html`${this.#lines(this.volume)}${this.#words(this.volume)}`}
    </div>`;
  }

  get state(): StackState | null {
    const [volume, made] = [this.volume, this.#made];
    if (volume === null || made === null) return null;
    const { axis } = this.#cutting(volume).through;
    const count = sizeOf(volume)[axis];
    const index = Math.round(made.crosshair.value.voxel?.[axis] ?? 0);
    const scale = this.#painter.scale * (this.#painter.cut?.spacing[0] ?? 1) * (globalThis.devicePixelRatio || 1);
    const { voi } = made.crosshair.value;
    return { index, count, cached: count, kept: count, rendered: true, quality: 'full', error: null, voi, scale, edges: null, placement: null, cpu: true };
  }

  step(by: number): void {
    this.goTo((this.state?.index ?? 0) + by);
  }

  goTo(index: number): void {
    const { volume } = this;
    const voxel = this.#made?.crosshair.value.voxel ?? null;
    if (volume === null || voxel === null) return;
    const { axis } = this.#cutting(volume).through;
    const inside = Math.min(sizeOf(volume)[axis] - 1, Math.max(0, index));
    this.#change({ voxel: voxel.map((value, at) => (at === axis ? inside : value)) as unknown as Point3 });
  }

  setVoi(voi: Voi): void {
    this.#change({ voi });
  }

  run(command: ViewCommand): void {
    if (command === 'invert') this.#change({ inverted: this.#made?.crosshair.value.inverted !== true });
    else if (command === 'fit' || command === 'reset') this.#look(() => this.#whole(command === 'reset'));
    else if (command === 'actual') this.zoomTo(1);
    else if (command === 'rotate' || command === 'flip' || command === 'upend') this.#turn(command);
  }

  look(): Look {
    return this.#painter.look();
  }

  setLook(look: Look): void {
    this.#look(() => this.#painter.setLook(look));
  }

  turn(): Turn {
    return this.lies;
  }

  setTurn(turn: Turn): void {
    this.#look(() => (this.lies = turn));
  }

  isInverted(): boolean {
    return this.#made?.crosshair.value.inverted === true;
  }

  zoomTo(scale: number): void {
    const now = this.state?.scale ?? 0;
    if (now > 0) this.#look(() => this.#painter.zoom(scale / now));
  }

  showWhole(): Voi | null {
    this.run('reset');
    return this.#made?.crosshair.value.voi ?? null;
  }

  project(): null {
    return null;
  }

  #waiting(): TemplateResult {
    const percent = Math.round((this.#made?.progress.value ?? 0) * 100);
    return html`<div class="message" role="status">${this.failed ? t('mpr.failed') : t('mpr.loading', { percent })}</div>`;
  }

  #words(volume: Volume): TemplateResult {
    const { index = 0, count = 0, voi = null } = this.state ?? {};
    const { slab } = this.#made!.crosshair.value;
    const { right, down } = this.#cutting(volume);
    const [across, below] = [directionOf(volume, right), directionOf(volume, down)];
    const sides = edges([0, 0, 0], (world) => [dot(world, across), dot(world, below)]);
    return html`<div class="corner tl"><b>${personName(this.study.patient.name)}</b><span>${sexAge(this.study.patient)}</span></div>
      <div class="corner tr"><span class="made">${t(`mpr.${this.plane}`)} · ${t('mpr.made')}</span><span>${this.series.description}</span></div>
      <div class="corner bl">
        <span>${t('viewer.image_of', { n: index + 1, count })}</span>
        ${slab.mm > 0 ? html`<span>${t(`mpr.slab.${slab.mode}`)} ${slab.mm} mm</span>` : nothing}
      </div>
      <div class="corner br">
        ${voi === null ? nothing : html`<span>${t('viewer.wl', { width: Math.round(voi.width), center: Math.round(voi.center) })}</span>`}
      </div>
      <span class="edge left">${sides.left}</span><span class="edge top">${sides.top}</span>`;
  }

  #lines(volume: Volume): TemplateResult | typeof nothing {
    const voxel = this.#made?.crosshair.value.voxel ?? null;
    if (voxel === null || this.#painter.cut === null) return nothing;
    const [x, y] = this.#painter.toScreen(onCut(volume, this.#cutting(volume), voxel));
    return html`<svg class="cross" aria-hidden="true">
      ${svg`<path d="M0 ${y}H${x - 14}M${x + 14} ${y}H9999M${x} 0V${y - 14}M${x} ${y + 14}V9999" />`}
    </svg>`;
  }

  #cutting(volume: Volume): Cutting {
    return cutTurned(cuttingOf(volume, this.plane), this.lies);
  }

  #whole(upright: boolean): void {
    if (upright) this.lies = UPRIGHT;
    this.#painter.whole();
  }

  /** What is in the middle stays there. */
  #turn(command: TurnCommand): void {
    const { zoom, pan } = this.#painter.look();
    this.lies = turned(this.lies, command);
    this.#look(() => this.#painter.keep({ zoom, pan: movedBy(pan, command) }));
  }

  #change(change: Partial<Reconstruction['crosshair']['value']>): void {
    const cell = this.#made?.crosshair;
    cell?.set({ ...cell.value, ...change });
    this.tell('stack-state', this.state);
  }

  #look(change: () => void): void {
    change();
    this.requestUpdate();
    this.tell('stack-state', this.state);
  }

  #join(): void {
    this.#leave();
    this.volume = null;
    this.failed = false;
    if (this.stack === null) return;
    const made = reconstructionOf(this.stack);
    this.#made = made;
    this.#stops = [made.progress.subscribe(() => this.requestUpdate()), made.crosshair.subscribe(() => this.requestUpdate())];
    made.volume.then(
      (volume) => {
        if (this.#made !== made) return;
        this.volume = volume;
        this.tell('stack-state', this.state);
      },
      () => (this.failed = this.#made === made),
    );
  }

  #leave(): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
    this.#made = null;
  }

  #resized(): void {
    this.#painter.resize({ width: this.clientWidth, height: this.clientHeight });
    this.requestUpdate();
  }

  #paint(): void {
    const { volume } = this;
    const { voxel = null, slab, voi, inverted = false } = this.#made?.crosshair.value ?? {};
    if (volume === null || voxel === null || slab === undefined) return;
    const cutting = this.#cutting(volume);
    const isFirst = this.#painter.cut === null;
    this.#painter.take(reslice(volume, cutting, voxel[cutting.through.axis], slab), voi ?? ANY_VOI, inverted);
    this.#painter.draw(this.canvas);
    if (isFirst) this.requestUpdate();
  }

  readonly #down = (event: PointerEvent): void => {
    const kind = dragKind(event.button, this.tool);
    this.#drag = { kind, x: event.clientX, y: event.clientY };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    if (kind === 'crosshair') this.#aim(event);
  };

  readonly #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    if (drag === null) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    this.#drag = { kind: drag.kind, x: event.clientX, y: event.clientY };
    if (drag.kind === 'crosshair') this.#aim(event);
    else if (drag.kind === 'window') this.#window(dx, dy);
    else if (drag.kind === 'pan') this.#look(() => this.#painter.pan(dx, dy));
    else if (drag.kind === 'zoom') this.#look(() => this.#painter.zoom(1 + dy * ZOOM_PER_PX));
    else this.step(Math.sign(dy));
  };

  #aim(event: PointerEvent): void {
    const voxel = this.#made?.crosshair.value.voxel ?? null;
    if (this.volume === null || voxel === null) return;
    const { left, top } = this.getBoundingClientRect();
    const at = this.#painter.fromScreen([event.clientX - left, event.clientY - top]);
    this.#change({ voxel: fromCut(this.volume, this.#cutting(this.volume), at, voxel) });
  }

  #window(dx: number, dy: number): void {
    const { width, center } = this.#made?.crosshair.value.voi ?? ANY_VOI;
    const step = Math.max(1, width / 400);
    this.setVoi({ width: Math.max(1, width + dx * step), center: center + dy * step });
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.step(Math.sign(event.deltaY));
  };
}
