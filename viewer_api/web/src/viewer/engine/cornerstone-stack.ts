import { cache, Enums, eventTarget, getShouldUseCPURendering, RenderingEngine, utilities, type Types } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';

import { Tag } from '../dicom-json.ts';
import type { Frame, FrameStack } from '../frames.ts';
import type { Point3 } from '../orientation.ts';
import type { Look, StackState, StackView, ToolName, Turn, Voi } from '../stack-view.ts';
import { offPixels, turnOf, type Placement } from '../measuring/placement.ts';
import type { Pixels } from '../measuring/values.ts';
import { kindOf } from './failures.ts';
import { edgesOf, isWhole, lookOf, moveBy, pixelsOf, placementOf, qualityOf, scaleOf, voiOf } from './looks.ts';
import { decoded } from './decoded.ts';
import { aheadBytes } from './memory.ts';
import { Prefetch } from './prefetch.ts';
import { ViewportTools } from './tools.ts';

const { Events, ViewportType } = Enums;
const SLIGHT = 0.001;

const BLANK: Omit<StackState, 'cpu'> = {
  index: 0,
  count: 0,
  cached: 0,
  kept: 0,
  rendered: false,
  quality: 'loading',
  error: null,
  voi: null,
  scale: 1,
  edges: null,
  placement: null,
};

let lastId = 0;
let shared: RenderingEngine | null = null;

/** One for the page: every engine takes WebGL contexts, of which a browser has few. */
function sharedEngine(): RenderingEngine {
  shared ??= new RenderingEngine('countyread');
  return shared;
}

/** Viewports that are open: they share the memory, and are fitted together when the stage changes. */
const open = new Set<CornerstoneStack>();
let fitting = false;

/** Once for all viewports, however many of them have changed their size; an image that was shown whole stays whole. */
function fitAll(engine: RenderingEngine): void {
  if (fitting) return;
  fitting = true;
  queueMicrotask(() => {
    fitting = false;
    const whole = [...open].filter((view) => view.isWhole);
    engine.resize(true, true);
    whole.forEach((view) => view.fit());
    open.forEach((view) => view.align());
  });
}

export class CornerstoneStack implements StackView {
  readonly #element: HTMLDivElement;
  readonly #changed: (state: StackState) => void;
  readonly #id = `stack-${++lastId}`;
  readonly #engine = sharedEngine();
  readonly #tools: ViewportTools;
  readonly #resizes: ResizeObserver;
  #prefetch: Prefetch | null = null;
  #frames: readonly Frame[] = [];
  #imageIds: string[] = [];
  #wanted = 0;
  #rotation = 0;
  #flipped = false;
  #upended = false;
  /** The window that the reader chose; on the GPU the viewport keeps it by itself. */
  #chosen: Types.VOIRange | null = null;
  #placed: string | null = null;
  #state: StackState = { ...BLANK, cpu: getShouldUseCPURendering() };

  constructor(element: HTMLDivElement, changed: (state: StackState) => void) {
    this.#element = element;
    this.#changed = changed;
    this.#engine.enableElement({ viewportId: this.#id, element, type: ViewportType.STACK, defaultOptions: { background: [0, 0, 0] } });
    this.#tools = new ViewportTools(this.#id, this.#engine.id);
    this.#resizes = new ResizeObserver(() => fitAll(this.#engine));
    this.#resizes.observe(element);
    this.#listen();
    open.add(this);
  }

  async show(stack: FrameStack, index = 0): Promise<void> {
    this.#prefetch?.cancel();
    this.#turnUpright();
    this.#chosen = this.#placed = null;
    stack.frames.forEach(({ imageId, instance }) => wadors.metaDataManager.add(imageId, instance as never));
    this.#frames = stack.frames;
    this.#imageIds = stack.frames.map(({ imageId }) => imageId);
    this.#wanted = index;
    const prefetch = this.#newPrefetch(stack, index);
    this.#update({ ...BLANK, index, count: this.#imageIds.length, kept: prefetch.kept });
    this.#prefetch = prefetch;
    await this.#viewport.setStack([...this.#imageIds], index).catch((error: unknown) => this.#fail(this.#imageIds[index], error));
    if (this.#prefetch !== prefetch) return;
    this.#viewport.render();
    prefetch.start();
  }

  goTo(index: number): void {
    const target = Math.min(Math.max(index, 0), this.#imageIds.length - 1);
    if (target === this.#wanted || this.#imageIds.length === 0) return;
    this.#look(target);
    void this.#viewport.setImageIdIndex(target).catch((error: unknown) => this.#fail(this.#imageIds[target], error));
  }

  scroll(by: number): void {
    this.goTo(this.#wanted + by);
  }

  useTool(tool: ToolName): void {
    this.#tools.use(tool);
  }

  setVoi({ width, center }: Voi): void {
    const voiRange = utilities.windowLevel.toLowHighRange(width, center);
    this.#apply(() => this.#viewport.setProperties({ voiRange }));
  }

  invert(): void {
    this.#apply(() => this.#viewport.setProperties({ invert: !this.#viewport.getProperties().invert }));
  }

  rotate(): void {
    this.#rotation = (this.#rotation + 90) % 360;
    this.#apply(() => this.#viewport.setViewPresentation({ rotation: this.#rotation }));
  }

  flip(): void {
    this.#flipped = !this.#flipped;
    this.#apply(() => this.#viewport.setCamera({ flipHorizontal: this.#flipped }));
  }

  upend(): void {
    this.#upended = !this.#upended;
    this.#apply(() => this.#viewport.setCamera({ flipVertical: this.#upended }));
  }

  fit(): void {
    this.#apply(() => this.#viewport.resetCamera({ resetRotation: false, resetFlip: false } as never));
  }

  zoomTo(scale: number): void {
    const now = scaleOf(this.#viewport);
    if (now !== null && now > 0) this.#apply(() => this.#viewport.setZoom((this.#viewport.getZoom() * scale) / now));
  }

  /** Neither zoomed nor moved. */
  get isWhole(): boolean {
    if (this.#imageIds.length === 0) return false;
    const { zoom, pan } = this.look();
    return Math.abs(zoom - 1) < SLIGHT && Math.hypot(...pan) * this.#element.clientHeight < 1;
  }

  look(): Look {
    return lookOf(this.#viewport, this.#placement, this.#element);
  }

  setLook({ zoom, pan }: Look): void {
    this.#apply(() => {
      this.#viewport.setZoom((this.#viewport.getZoom() * zoom) / this.look().zoom);
      const [x, y] = this.look().pan.map((now, axis) => (pan[axis]! - now) * this.#element.clientHeight) as [number, number];
      moveBy(this.#viewport, [x, y]);
    });
  }

  turn(): Turn | null {
    const placement = this.#imageIds.length === 0 ? null : this.#placement;
    return placement === null ? null : turnOf(placement);
  }

  /** As a hand would do it: what a rotation does to an image that is mirrored already is the viewport's own affair. */
  setTurn({ mirrored, quarters }: Turn): void {
    if (this.turn() !== null && this.turn()?.mirrored !== mirrored) this.flip();
    for (let n = 1; n < 4 && this.turn() !== null && this.turn()?.quarters !== quarters; n++) this.rotate();
  }

  isInverted(): boolean {
    return this.#imageIds.length > 0 && this.#viewport.getProperties().invert === true;
  }

  /** Draws again where the image stands between the pixels of the screen. */
  align(): void {
    if (this.#imageIds.length > 0 && this.#moveToPixels()) this.#viewport.render();
  }

  project(world: Point3): readonly [number, number] {
    return this.#viewport.worldToCanvas([...world]);
  }

  reset(): void {
    this.#apply(() => {
      this.#turnUpright();
      this.#viewport.resetProperties();
      this.#chosen = null;
    });
  }

  pixels(): Pixels | null {
    return this.#state.rendered ? pixelsOf(this.#viewport, this.#frames[this.#wanted]?.instance ?? {}) : null;
  }

  destroy(): void {
    open.delete(this);
    this.#prefetch?.cancel();
    // What is still awaited finds that nothing is to be drawn: there is no viewport any more.
    this.#prefetch = null;
    this.#imageIds = [];
    this.#resizes.disconnect();
    eventTarget.removeEventListener(Events.IMAGE_LOAD_ERROR, this.#loadError);
    removeEventListener('unhandledrejection', this.#lostError);
    this.#tools.destroy();
    this.#engine.disableElement(this.#id);
  }

  get #viewport(): Types.IStackViewport {
    return this.#engine.getViewport(this.#id) as Types.IStackViewport;
  }

  #listen(): void {
    const on = (type: string, listener: () => void): void => this.#element.addEventListener(type, listener);
    on(Events.IMAGE_RENDERED, () => this.#rendered());
    on(Events.VOI_MODIFIED, () => this.#voiChanged());
    on(Events.CAMERA_MODIFIED, () => this.#update(this.#place()));
    this.#element.addEventListener(Events.STACK_VIEWPORT_SCROLL, ((event: CustomEvent<{ newImageIdIndex: number }>) =>
      this.#look(event.detail.newImageIdIndex)) as EventListener);
    eventTarget.addEventListener(Events.IMAGE_LOAD_ERROR, this.#loadError);
    addEventListener('unhandledrejection', this.#lostError);
  }

  readonly #loadError = (event: unknown): void => {
    const { imageId, error } = (event as CustomEvent<{ imageId?: string; error?: unknown }>).detail;
    this.#fail(imageId, error);
  };

  /** The loader forgets to reject when a decoded image cannot be converted; without this the viewport would wait for ever. */
  readonly #lostError = (event: PromiseRejectionEvent): void => {
    if (!this.#state.rendered) this.#fail(this.#imageIds[this.#wanted], event.reason);
  };

  #newPrefetch(stack: FrameStack, index: number): Prefetch {
    const most = Math.max(1, Math.floor(aheadBytes(cache.getMaxCacheSize()) / Math.max(1, open.size) / Math.max(1, stack.bytesPerFrame)));
    const wanted = { imageIds: this.#imageIds, first: index, most, bytesPerFrame: stack.bytesPerFrame };
    return new Prefetch(decoded, wanted, (cached) => this.#update({ cached }));
  }

  #look(index: number): void {
    this.#wanted = index;
    this.#prefetch?.moveTo(index);
    const loaded = cache.isLoaded(this.#imageIds[index]!);
    this.#update({ index, error: null, ...(loaded ? {} : { rendered: false, quality: 'loading' as const }) });
  }

  #rendered(): void {
    const shown = this.#viewport.getCurrentImageIdIndex();
    const image = this.#viewport.getCornerstoneImage();
    if (shown !== this.#wanted || image === undefined) return;
    this.#prefetch?.startBeside();
    if (!isWhole(image, this.#frames[shown]?.instance ?? {})) {
      this.#update({ error: 'decode', rendered: false });
      return;
    }
    if (this.#state.cpu && this.#windowOnCpu()) return;
    this.#update({
      rendered: true,
      error: null,
      quality: qualityOf(this.#viewport),
      voi: voiOf(this.#viewport) ?? this.#state.voi,
      ...this.#place(),
      cached: this.#prefetch?.cached() ?? 0,
    });
  }

  /**
   * On the CPU a new image is drawn in the window of the one before while the viewport reports the image's own.
   * Sets what should be seen once for every image; true when the image is drawn again for it.
   */
  #windowOnCpu(): boolean {
    const imageId = this.#imageIds[this.#wanted]!;
    if (this.#placed === imageId) return false;
    this.#placed = imageId;
    const chosen = this.#chosen;
    const voiRange = chosen ?? this.#viewport.getProperties().voiRange;
    if (!voiRange) return false;
    this.#viewport.setProperties({ voiRange });
    this.#chosen = chosen;
    this.#viewport.render();
    return true;
  }

  #voiChanged(): void {
    this.#chosen = this.#viewport.getProperties().voiRange ?? null;
    this.#update({ voi: voiOf(this.#viewport) ?? this.#state.voi });
  }

  #place(): Pick<StackState, 'scale' | 'edges' | 'placement'> {
    const instance = this.#frames[this.#wanted]?.instance ?? {};
    const placed = instance[Tag.ImageOrientationPatient] !== undefined;
    return {
      scale: scaleOf(this.#viewport) ?? this.#state.scale,
      edges: placed ? edgesOf(this.#viewport) : null,
      placement: this.#placement,
    };
  }

  get #placement(): Placement | null {
    return placementOf(this.#viewport, this.#frames[this.#wanted]?.instance ?? {}, this.#state.cpu);
  }

  #fail(imageId: string | undefined, error: unknown): void {
    if (imageId === undefined || imageId !== this.#imageIds[this.#wanted]) return;
    this.#update({ error: kindOf(error), rendered: false });
  }

  #apply(change: () => void): void {
    if (this.#imageIds.length === 0) return;
    change();
    this.#moveToPixels();
    this.#viewport.render();
  }

  /** The viewport would turn the next stack as it turned this one. */
  #turnUpright(): void {
    this.#rotation = 0;
    this.#flipped = this.#upended = false;
    if (this.#imageIds.length === 0) return;
    this.#viewport.setCamera({ flipHorizontal: false, flipVertical: false });
    this.#viewport.resetCamera();
    this.#viewport.setViewPresentation({ rotation: 0 });
  }

  /** In the middle of its viewport an image may begin half way into a pixel, and each of its own is then the mean of two. */
  #moveToPixels(): boolean {
    const placement = this.#placement;
    const off = placement === null ? null : offPixels(placement, globalThis.devicePixelRatio || 1);
    if (off === null) return false;
    moveBy(this.#viewport, [-off[0], -off[1]]);
    return true;
  }

  #update(change: Partial<StackState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed(this.#state);
  }
}
