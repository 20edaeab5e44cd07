import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { inWords } from '../../i18n/errors.ts';
import { t } from '../../i18n/index.ts';
import { examMoment, fullMoment } from '../../lib/time.ts';
import { AppElement } from '../../ui/element.ts';
import { base, controls } from '../../ui/styles.ts';
import type { CellViewport } from '../cell-viewport.ts';
import type { Frame, FrameStack } from '../frames.ts';
import type { MarkShape } from '../marks.ts';
import type { ToolName } from '../stack-view.ts';
import { droppedSeries, type DraggedSeries } from './dragged-series.ts';
import type { Segment } from './geometry.ts';
import { stageCellStyles } from './stage-styles.ts';
import type { StackStore } from './stack-store.ts';
import { isSame, type CellContent } from './stage.ts';
import '../../ecg/ecg-view.ts';
import '../document-card.ts';
import '../image-viewport.ts';
import '../mark-layer.ts';
import './prior-words.ts';

/** One cell of the stage. Fires `cell-drop` with a series that was dragged into it; `stack-state` comes from its viewport. */
@customElement('stage-cell')
export class StageCell extends AppElement {
  @property({ attribute: false }) content: CellContent | null = null;
  @property({ attribute: false }) stacks!: StackStore;
  @property() tool: ToolName = 'window';
  @property({ attribute: false }) marking: MarkShape | null = null;
  @property({ attribute: false }) frame: Frame | null = null;
  /** Where the image of the active cell cuts through this one. */
  @property({ attribute: false }) line: Segment | null = null;
  /** Whether it says on top what it shows. */
  @property({ type: Boolean }) labelled = false;
  /** Whether what it shows may be marked for the report. */
  @property({ type: Boolean }) held = false;
  /** Whether keys are meant for it. */
  @property({ type: Boolean }) isActive = true;
  @state() private stack: FrameStack | null = null;
  @state() private problem = '';
  @state() private isTarget = false;
  @query('image-viewport, mpr-viewport') private viewportElement!: (CellViewport & Element) | null;

  static override styles = [base, controls, stageCellStyles];

  /** `null` for what is not an image, and until it is drawn. */
  get viewport(): CellViewport | null {
    // The part that cuts planes is loaded when the first one is to be shown: until then its element can do nothing.
    const element: Partial<CellViewport> | null = this.viewportElement;
    return element?.run === undefined ? null : this.viewportElement;
  }

  get shownStack(): FrameStack | null {
    return this.stack;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('dragover', this.#over);
    this.addEventListener('dragleave', () => (this.isTarget = false));
    this.addEventListener('drop', this.#drop);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('content') || (this.hasUpdated && isSame(changed.get('content') ?? null, this.content))) return;
    this.problem = '';
    if (!this.#isOf(changed.get('content') ?? null)) this.stack = null;
    if (this.content?.series.kind === 'image') void this.#load(this.content);
  }

  override render(): TemplateResult {
    return html`<div class="cell ${this.isTarget ? 'target' : ''}">
      ${this.labelled ? this.#label() : nothing}
      <div class="body">${this.content === null ? html`<p class="nothing">${t('stage.empty')}</p>` : this.#body(this.content)}</div>
    </div>`;
  }

  #label(): TemplateResult | typeof nothing {
    if (this.content === null) return nothing;
    const { study, series, isPrior } = this.content;
    return html`<header class=${isPrior ? 'prior' : ''} data-testid="cell-label">
      <b>${t(isPrior ? 'stage.prior' : 'stage.current')}</b>
      <span class="num">${examMoment(study, fullMoment(study.first_received_at))}</span>
      <span class="truncate what">${series.description || study.description}</span>
      ${isPrior ? html`<prior-words .report=${study.report_id}></prior-words>` : nothing}
    </header>`;
  }

  #body(content: CellContent): TemplateResult {
    const { study, series } = content;
    if (series.kind === 'ecg') {
      return html`<ecg-view .studyUid=${study.study_instance_uid} .series=${series} .held=${this.held} .active=${this.isActive}></ecg-view>`;
    }
    if (series.kind === 'document') {
      return html`<document-card .studyUid=${study.study_instance_uid} .series=${series}></document-card>`;
    }
    if (content.plane !== null) {
      void import('../mpr/mpr-viewport.ts');
      return html`<mpr-viewport
        .study=${study}
        .series=${series}
        .stack=${this.stack}
        .plane=${content.plane}
        .tool=${this.tool}
      ></mpr-viewport>`;
    }
    return html`<image-viewport
        .study=${study}
        .series=${series}
        .stack=${this.stack}
        .start=${content.start}
        .opening=${content.voi}
        .tool=${this.tool}
        @stack-state=${() => this.requestUpdate()}
      ></image-viewport>
      ${this.#line()}
      ${this.marking === null
        ? nothing
        : html`<mark-layer .series=${series.series_instance_uid} .frame=${this.frame} .shape=${this.marking}></mark-layer>`}
      ${this.problem ? html`<p class="notice danger" role="alert">${this.problem}</p>` : nothing}`;
  }

  #line(): TemplateResult | typeof nothing {
    const ends = this.line?.map((end) => this.viewport?.project(end) ?? null) ?? [];
    const [from, to] = ends;
    if (from == null || to == null) return nothing;
    return html`<svg class="lines" data-testid="reference-line" aria-hidden="true">
      ${svg`<line x1=${from[0]} y1=${from[1]} x2=${to[0]} y2=${to[1]} />`}
    </svg>`;
  }

  #isOf(before: CellContent | null): boolean {
    return before?.series.series_instance_uid === this.content?.series.series_instance_uid;
  }

  async #load(wanted: CellContent): Promise<void> {
    try {
      const stack = await this.stacks.stackOf(wanted.study.study_instance_uid, wanted.series.series_instance_uid);
      if (isSame(this.content, wanted)) this.stack = stack;
    } catch (error) {
      if (isSame(this.content, wanted)) this.problem = inWords(error);
    }
  }

  readonly #over = (event: DragEvent): void => {
    if (droppedSeries(event) === null) return;
    event.preventDefault();
    this.isTarget = true;
  };

  readonly #drop = (event: DragEvent): void => {
    this.isTarget = false;
    const dropped = droppedSeries(event);
    if (dropped === null) return;
    event.preventDefault();
    this.tell<DraggedSeries>('cell-drop', dropped);
  };
}
