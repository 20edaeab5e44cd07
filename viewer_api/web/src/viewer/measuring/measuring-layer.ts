import { html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { inWords } from '../../i18n/errors.ts';
import { t } from '../../i18n/index.ts';
import { ask } from '../../ui/dialog.ts';
import { AppElement } from '../../ui/element.ts';
import { notify } from '../../ui/notify.ts';
import { base } from '../../ui/styles.ts';
import { numberOf, Tag, textOf } from '../dicom-json.ts';
import type { Frame } from '../frames.ts';
import { drawing } from './drawing.ts';
import { geometricFigures } from './figures.ts';
import { distance, hitOf, moved, type Hit } from './hits.ts';
import { chosen, measurementsOf } from './kept.ts';
import { POINTS, type Kind, type Measurement, type Point } from './kinds.ts';
import { layerStyles } from './layer-styles.ts';
import { Pen } from './pen.ts';
import { toImage, toScreen, type Placement } from './placement.ts';
import { scaleOf } from './scale.ts';
import { isUnsaved, type StudyMeasurements } from './study-measurements.ts';
import { valueFigures, type Pixels } from './values.ts';
import { lines } from './wording.ts';

const FAR = 4;
const LONGEST_LABEL = 200;
const VALUED: ReadonlySet<Kind> = new Set(['ellipse', 'rectangle', 'probe']);

interface Grip {
  measurement: Measurement;
  hit: Hit;
  from: Point;
  points: readonly Point[];
}

/**
 * What was measured in the image below, and drawing on it. It takes the pointer from the viewport that it lies in only while it
 * draws or moves something, so that wheel and other buttons stay the viewport's. Works on any engine: it knows a placement alone.
 */
@customElement('measuring-layer')
export class MeasuringLayer extends AppElement {
  @property() study = '';
  @property() series = '';
  @property({ attribute: false }) frame: Frame | null = null;
  @property({ attribute: false }) placement: Placement | null = null;
  /** What is drawn; `null` while another tool is in hand. */
  @property() tool: Kind | null = null;
  @property({ attribute: false }) pixels: () => Pixels | null = () => null;
  @state() private pen: Pen | null = null;
  @state() private grip: Grip | null = null;
  #kept: StudyMeasurements | null = null;
  #stop: () => void = () => undefined;
  #ground: HTMLElement | null = null;

  static override styles = [base, layerStyles];

  constructor() {
    super();
    this.watch(chosen);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ground = this.parentElement;
    for (const [type, listener] of this.#listeners) this.#ground?.addEventListener(type, listener, { capture: true });
    addEventListener('keydown', this.#escape, { capture: true });
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const [type, listener] of this.#listeners) this.#ground?.removeEventListener(type, listener, { capture: true });
    removeEventListener('keydown', this.#escape, { capture: true });
    this.#stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study') && this.isConnected) this.#follow();
    if (changed.has('frame') && changed.get('frame')?.imageId !== this.frame?.imageId) this.pen = this.grip = null;
    if (changed.has('tool')) {
      this.pen = null;
      this.#ground?.classList.toggle('measuring', this.tool !== null);
    }
  }

  override render(): TemplateResult {
    const { placement } = this;
    const width = this.#ground?.clientWidth ?? 0;
    return html`<svg role="list" aria-label=${t('measure.title')} data-testid="measuring-layer">
      ${placement === null ? [] : [...this.here.map((one) => this.#drawn(one, placement, width)), ...this.#pending(placement, width)]}
    </svg>`;
  }

  /** Those of the image that is shown. */
  get here(): readonly Measurement[] {
    const place = this.#place;
    return (this.#kept?.items.value ?? []).filter((one) => one.sop_instance_uid === place.sop && one.frame === place.frame);
  }

  /** Takes away what is chosen, or else what was drawn last on this image. */
  removeChosen(): void {
    const one = this.here.find(({ id }) => id === chosen.value) ?? this.here.at(-1);
    if (one !== undefined && this.#kept?.mayChange(one) === true) void this.#told(this.#kept.remove(one));
  }

  #follow(): void {
    this.#stop();
    if (this.study === '') return;
    const kept = measurementsOf(this.study);
    this.#kept = kept;
    void kept.load().catch(() => undefined);
    const stops = [kept.items.subscribe(() => this.requestUpdate()), kept.mayMeasure.subscribe(() => this.requestUpdate())];
    this.#stop = () => stops.forEach((stop) => stop());
  }

  get #place(): { sop: string; frame: number } {
    const { frame } = this;
    if (frame === null) return { sop: '', frame: 0 };
    return { sop: textOf(frame.instance, Tag.SOPInstanceUID), frame: Number(/\/frames\/(\d+)$/.exec(frame.imageId)?.[1] ?? 1) };
  }

  get #size(): Point {
    const instance = this.frame?.instance ?? {};
    return [numberOf(instance, Tag.Columns) ?? 0, numberOf(instance, Tag.Rows) ?? 0];
  }

  #drawn(one: Measurement, placement: Placement, width: number): SVGTemplateResult {
    const held = this.grip?.measurement.id === one.id ? this.grip : null;
    const points = held?.points ?? one.points;
    const { figures, method } = held === null ? one : this.#found(one.kind, points);
    const said = lines(figures, method);
    const isChosen = chosen.value === one.id;
    const words = [one.label, ...said, isUnsaved(one) ? t(this.#kept?.mayMeasure.value === true ? 'measure.unsaved' : 'measure.unkept') : ''].filter((line) => line !== '');
    return drawing({ kind: one.kind, points, words, isChosen, isUnsaved: isUnsaved(one), isEditable: false }, placement, width);
  }

  #pending(placement: Placement, width: number): SVGTemplateResult[] {
    const { pen } = this;
    if (pen === null) return [];
    const { figures, method } = this.#found(pen.kind, pen.points);
    const words = lines(figures, method);
    const look = { kind: pen.kind, points: [...pen.points], words, isChosen: true, isUnsaved: false, isEditable: true };
    return [svg`${drawing(look, placement, width)}`];
  }

  /** Figures while the pointer moves: the server's replace them when it is let go. */
  #found(kind: Kind, points: readonly Point[]): Pick<Measurement, 'figures' | 'method'> {
    const scale = scaleOf(this.frame?.instance ?? {}, this.#place.frame, points);
    if (points.length !== POINTS[kind]) return { figures: [], method: scale.method };
    const pixels = VALUED.has(kind) ? this.pixels() : null;
    const values = pixels === null ? [] : valueFigures(kind, points, pixels);
    return { figures: [...values, ...geometricFigures(kind, points, scale)], method: scale.method };
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button !== 0 || this.placement === null || this.#kept === null) return;
    const at = this.#screen(event);
    if (this.tool !== null && this.pen !== null) this.#press(event, at);
    else if (!this.#take(event, at) && this.tool !== null) this.#press(event, at);
  };

  #press(event: PointerEvent, at: Point): void {
    this.pen ??= new Pen(this.tool!);
    this.pen.press(this.#image(at));
    this.#capture(event, at);
  }

  #take(event: PointerEvent, at: Point): boolean {
    for (const measurement of [...this.here].reverse()) {
      const hit = hitOf(measurement.kind, measurement.points.map((point) => toScreen(this.placement!, point)), at);
      if (hit === null || this.#kept?.mayChange(measurement) !== true) continue;
      chosen.set(measurement.id);
      this.grip = { measurement, hit, from: this.#image(at), points: measurement.points };
      this.#capture(event, at);
      return true;
    }
    chosen.set(null);
    return false;
  }

  #started: Point = [0, 0];

  #capture(event: PointerEvent, at: Point): void {
    this.#started = at;
    this.#ground?.setPointerCapture(event.pointerId);
    this.requestUpdate();
  }

  readonly #move = (event: PointerEvent): void => {
    if (this.placement === null) return;
    const at = this.#image(this.#screen(event));
    if (this.grip !== null) {
      const { measurement, hit, from } = this.grip;
      const by: Point = [at[0] - from[0], at[1] - from[1]];
      this.grip = { ...this.grip, points: moved(measurement.points, hit, by, this.#size) };
    } else if (this.pen !== null) {
      this.pen.move(at);
      this.requestUpdate();
    }
  };

  readonly #up = (event: PointerEvent): void => {
    if (event.button !== 0 || this.placement === null) return;
    const at = this.#screen(event);
    const far = distance(at, this.#started) > FAR;
    if (this.grip !== null) this.#drop(this.grip, far);
    else if (this.pen !== null) this.#release(this.pen, at, far);
  };

  #drop(grip: Grip, far: boolean): void {
    this.grip = null;
    if (far && this.#kept !== null) {
      const found = this.#found(grip.measurement.kind, grip.points);
      void this.#told(this.#kept.change(grip.measurement, { points: grip.points }, found));
    }
  }

  #release(pen: Pen, at: Point, far: boolean): void {
    const before = pen.points.at(-2);
    const isOther = far || (before !== undefined && distance(toScreen(this.placement!, before), at) > FAR);
    pen.release(this.#image(at), isOther);
    this.requestUpdate();
    if (!pen.isDone) return;
    this.pen = null;
    void this.#keep(pen);
  }

  async #keep({ kind, points }: Pen): Promise<void> {
    const kept = this.#kept;
    if (kept === null) return;
    const { sop, frame } = this.#place;
    const label = kind === 'text' ? await askedWords() : '';
    if (label === null) return;
    const drawn = { sop_instance_uid: sop, frame, kind, points: [...points], label, for_clinic: false };
    const shown = { ...drawn, series_instance_uid: this.series, ...this.#found(kind, points) };
    await this.#told(kept.add(drawn, shown).then(({ id }) => chosen.set(id)));
  }

  async #told(doing: Promise<unknown>): Promise<void> {
    try {
      await doing;
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  /** What this layer has taken the viewport shall not take too. */
  readonly #keepFromViewport = (event: Event): void => {
    const isMine = this.pen !== null || this.grip !== null || (this.tool !== null && event.type === 'dblclick');
    if (isMine && (event as MouseEvent).button === 0) event.stopPropagation();
    else if (isMine && event.type === 'touchstart') event.stopPropagation();
  };

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || this.pen === null) return;
    this.pen = null;
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #listeners: readonly (readonly [string, EventListener])[] = [
    ['pointerdown', this.#down as EventListener],
    ['pointermove', this.#move as EventListener],
    ['pointerup', this.#up as EventListener],
    ['mousedown', this.#keepFromViewport],
    ['touchstart', this.#keepFromViewport],
    ['dblclick', this.#keepFromViewport],
  ];

  #screen(event: PointerEvent): Point {
    const { left, top } = this.#ground!.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #image(at: Point): Point {
    return toImage(this.placement!, at, this.#size);
  }
}

async function askedWords(): Promise<string | null> {
  const answers = await ask({ title: t('measure.text'), fields: [{ name: 'words', label: t('measure.label'), kind: 'text' }] });
  return answers === null ? null : (answers['words'] ?? '').slice(0, LONGEST_LABEL);
}
