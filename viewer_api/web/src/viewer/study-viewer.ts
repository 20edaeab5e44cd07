import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series, StudyDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { isPlain, isTyping } from '../lib/keys.ts';
import { api } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { frameStack, type Frame, type FrameStack } from './frames.ts';
import type { ImageViewport, ViewCommand } from './image-viewport.ts';
import { placeMark, type MarkShape } from './marks.ts';
import { CT_PRESETS, type WindowPreset } from './presets.ts';
import type { StackState, ToolName } from './stack-view.ts';
import { warmUp } from './stack.ts';
import { studyViewerStyles } from './study-viewer-styles.ts';
import { COMMANDS, TOOLS } from './viewer-toolbar.ts';
import './document-card.ts';
import '../ecg/ecg-view.ts';
import './image-viewport.ts';
import './keys-help.ts';
import './mark-layer.ts';
import '../keyimages/key-image-button.ts';
import './series-strip.ts';
import './viewer-toolbar.ts';

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

/** The pictures of a study: series at the left, the chosen one large, keys for both hands. */
@customElement('study-viewer')
export class StudyViewer extends AppElement {
  @property({ attribute: false }) study!: StudyDetail;
  /** Whether places in images may be marked for the clinic. */
  @property({ type: Boolean }) markable = false;
  @state() private marking: MarkShape | null = null;
  @state() private frame: Frame | null = null;
  @state() private current = 0;
  @state() private stack: FrameStack | null = null;
  @state() private problem = '';
  @state() private tool: ToolName = 'window';
  @state() private frameCount = 0;
  @state() private playing = false;
  @query('image-viewport') private viewport!: ImageViewport | null;

  readonly #stacks = new Map<string, Promise<FrameStack>>();

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
    if (!changed.has('study')) return;
    const before = changed.get('study') as StudyDetail | undefined;
    if (before?.study_instance_uid === this.study.study_instance_uid) return;
    if (this.study.series_list.some(({ kind }) => kind === 'image')) warmUp();
    this.#stacks.clear();
    placeMark.set(null);
    this.#pick(Math.max(0, this.study.series_list.findIndex(({ kind }) => kind !== 'document')));
  }

  override render(): TemplateResult {
    const series = this.#series;
    if (series === undefined) return html`<div class="none">${t('viewer.no_series')}</div>`;
    return html`
      <series-strip
        .series=${this.study.series_list}
        .current=${this.current}
        @pick-series=${(event: CustomEvent<number>) => this.#pick(event.detail)}
      ></series-strip>
      <div class="stage">${this.#stage(series)}</div>
    `;
  }

  get #series(): Series | undefined {
    return this.study.series_list[this.current];
  }

  #stage(series: Series): TemplateResult {
    if (series.kind === 'ecg') {
      return html`<ecg-view .studyUid=${this.study.study_instance_uid} .series=${series}></ecg-view>`;
    }
    if (series.kind === 'document') {
      return html`<document-card .studyUid=${this.study.study_instance_uid} .series=${series}></document-card>`;
    }
    return html`
      <viewer-toolbar
        .tool=${this.tool}
        .presets=${series.modality === 'CT'}
        .cine=${this.frameCount > 1}
        .playing=${this.playing}
        @pick-tool=${(event: CustomEvent<ToolName>) => this.#use(event.detail)}
        @view-command=${(event: CustomEvent<ViewCommand>) => this.#run(event.detail)}
        @pick-preset=${(event: CustomEvent<WindowPreset>) => this.viewport?.setVoi(event.detail)}
        >${this.markable ? html`${this.#markButtons()}<key-image-button .frame=${this.frame}></key-image-button>` : nothing}<keys-help></keys-help
      ></viewer-toolbar>
      <div class="view">
        <image-viewport
          .study=${this.study}
          .series=${series}
          .stack=${this.stack}
          .tool=${this.tool}
          @stack-state=${this.#stackState}
        ></image-viewport>
        ${this.marking === null
          ? nothing
          : html`<mark-layer .series=${series.series_instance_uid} .frame=${this.frame} .shape=${this.marking}></mark-layer>`}
        ${this.problem ? html`<p class="notice danger" role="alert">${this.problem}</p>` : nothing}
      </div>
    `;
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
    const voi = this.marking === null && shape !== null ? this.viewport?.showWhole() : null;
    if (voi) this.viewport?.setVoi(voi);
    this.marking = shape;
  }

  #use(tool: ToolName): void {
    this.marking = null;
    this.tool = tool;
  }

  #run(command: ViewCommand): void {
    this.marking = null;
    this.viewport?.run(command);
  }

  #stackState(event: CustomEvent<StackState | null>): void {
    this.frameCount = event.detail?.count ?? 0;
    this.frame = this.stack?.frames[event.detail?.index ?? 0] ?? null;
    this.playing = this.viewport?.isPlaying ?? false;
  }

  #pick(index: number): void {
    this.current = index;
    this.marking = null;
    this.frame = null;
    this.stack = null;
    this.problem = '';
    const series = this.#series;
    if (series?.kind === 'image') void this.#load(series);
  }

  async #load(series: Series): Promise<void> {
    try {
      const stack = await this.#stackOf(series);
      if (this.#series === series) this.stack = stack;
    } catch (error) {
      this.#stacks.delete(series.series_instance_uid);
      if (this.#series === series) this.problem = inWords(error);
    }
  }

  #stackOf({ series_instance_uid: uid }: Series): Promise<FrameStack> {
    const study = this.study.study_instance_uid;
    const known = this.#stacks.get(uid);
    if (known !== undefined) return known;
    const loading = api.seriesMetadata(study, uid).then((instances) => frameStack(study, uid, instances));
    this.#stacks.set(uid, loading);
    return loading;
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event) || pending.value !== null) return;
    if (event.key === ' ' && event.composedPath()[0] instanceof HTMLButtonElement) return;
    if (this.#seriesKey(event.key) || (this.#series?.kind === 'image' && this.#imageKey(event.key))) event.preventDefault();
  };

  #seriesKey(key: string): boolean {
    if (key !== 'PageUp' && key !== 'PageDown') return false;
    const index = this.current + (key === 'PageDown' ? 1 : -1);
    if (index >= 0 && index < this.study.series_list.length) this.#pick(index);
    return true;
  }

  #imageKey(key: string): boolean {
    const step = STEPS[key];
    if (step !== undefined) this.viewport?.step(step);
    else if (key === 'Home') this.viewport?.goTo(0);
    else if (key === 'End') this.viewport?.goTo(this.frameCount - 1);
    else if (key === ' ') this.viewport?.run('cine');
    else return this.#toolKey(key.length === 1 ? key.toUpperCase() : key);
    return true;
  }

  #toolKey(key: string): boolean {
    const tool = TOOLS.find((entry) => entry.key === key);
    const command = COMMANDS.find((entry) => entry.key === key);
    const preset = this.#series?.modality === 'CT' ? CT_PRESETS.find((entry) => entry.key === key) : undefined;
    if (tool !== undefined) this.#use(tool.value);
    if (command !== undefined) this.#run(command.value);
    if (preset !== undefined) this.viewport?.setVoi(preset);
    return (tool ?? command ?? preset) !== undefined;
  }
}
