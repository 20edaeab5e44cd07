import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, queryAll } from 'lit/decorators.js';

import { AppElement } from '../../ui/element.ts';
import { base } from '../../ui/styles.ts';
import type { Frame } from '../frames.ts';
import type { MarkShape } from '../marks.ts';
import type { StackState, ToolName } from '../stack-view.ts';
import type { DraggedSeries } from './dragged-series.ts';
import { lineAcross } from './following.ts';
import type { Segment } from './geometry.ts';
import { LAYOUTS } from './layouts.ts';
import type { StackStore } from './stack-store.ts';
import { EMPTY_STAGE, type Stage } from './stage.ts';
import type { StageCell } from './stage-cell.ts';
import { stageGridStyles } from './stage-styles.ts';
import './stage-cell.ts';

export interface CellState {
  cell: number;
  state: StackState | null;
}

export interface CellDrop extends DraggedSeries {
  cell: number;
}

/** The cells of a stage. Fires `cell-active` with an index, `cell-enlarge`, `cell-state` and `drop-series`. */
@customElement('stage-grid')
export class StageGrid extends AppElement {
  @property({ attribute: false }) stage: Stage = EMPTY_STAGE;
  @property({ attribute: false }) stacks!: StackStore;
  @property() tool: ToolName = 'window';
  /** Whether images show where the active one cuts through them. */
  @property({ type: Boolean }) lines = false;
  @property({ attribute: false }) marking: MarkShape | null = null;
  @property({ attribute: false }) frame: Frame | null = null;
  /** Whether the case of the study that is read is in the hands of who looks at it. */
  @property({ type: Boolean }) held = false;
  @queryAll('stage-cell') private cellElements!: NodeListOf<StageCell>;

  static override styles = [base, stageGridStyles];

  get cells(): readonly StageCell[] {
    return [...this.cellElements];
  }

  get activeCell(): StageCell | null {
    return this.cells[this.stage.active] ?? null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('stage')) return;
    const [rows, columns] = LAYOUTS[this.stage.layout];
    this.dataset['cells'] = String(this.stage.cells.length);
    this.style.gridTemplate = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
  }

  override render(): TemplateResult[] {
    const { cells, active, enlarged } = this.stage;
    const labelled = cells.length > 1 || cells.some((shown) => shown?.isPrior === true);
    return cells.map((shown, index) => {
      const isActive = index === active;
      return html`<stage-cell
        class="${isActive ? 'active' : ''} ${isActive && enlarged ? 'enlarged' : ''}"
        data-testid="stage-cell"
        data-cell=${index}
        data-active=${isActive}
        data-prior=${shown?.isPrior ?? false}
        data-series-uid=${shown?.series.series_instance_uid ?? ''}
        .content=${shown}
        .stacks=${this.stacks}
        .tool=${this.tool}
        .marking=${isActive ? this.marking : null}
        .frame=${this.frame}
        .held=${this.held && shown?.isPrior !== true}
        .isActive=${isActive}
        .line=${this.#lineIn(index)}
        ?labelled=${labelled}
        @pointerdown=${() => this.tell('cell-active', index)}
        @wheel=${() => this.tell('cell-active', index)}
        @dblclick=${() => this.tell('cell-enlarge', index)}
        @stack-state=${(event: CustomEvent<StackState | null>) => this.#changed(index, event.detail)}
        @cell-drop=${(event: CustomEvent<DraggedSeries>) => this.tell<CellDrop>('drop-series', { ...event.detail, cell: index })}
      ></stage-cell>`;
    });
  }

  /** Of what is drawn already: every change of a picture draws the grid again. */
  #lineIn(index: number): Segment | null {
    const [leader, cell] = [this.activeCell, this.cells[index] ?? null];
    return !this.lines || leader === null || cell === null || leader === cell ? null : lineAcross(leader, cell);
  }

  #changed(cell: number, state: StackState | null): void {
    if (this.lines) this.requestUpdate();
    this.tell<CellState>('cell-state', { cell, state });
  }
}
