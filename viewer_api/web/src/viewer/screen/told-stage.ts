import type { StudyDetail } from '../../api/types.ts';
import { content, type CellContent, type Stage } from '../stage/stage.ts';
import { habits } from '../stage/habits.ts';
import type { StageCell } from '../stage/stage-cell.ts';
import type { Turn } from '../stack-view.ts';
import type { ToldCell, ToldStage } from './screen-channel.ts';

/** What the main window tells of its stage. */
export function toldOf(stage: Stage, cells: readonly StageCell[]): ToldStage {
  const { layout, active, enlarged } = stage;
  const { overlays, shutter } = habits.value;
  return { layout, active, enlarged, planes: { overlays, shutter }, cells: stage.cells.map((shown, at) => (shown === null ? null : toldCell(shown, cells[at] ?? null))) };
}

function toldCell({ study, series, isPrior, plane, start, voi }: CellContent, cell: StageCell | null): ToldCell {
  const viewport = cell?.viewport ?? null;
  const state = viewport?.state ?? null;
  const drawn = state?.rendered === true ? viewport : null;
  return {
    study: study.study_instance_uid,
    series: series.series_instance_uid,
    isPrior,
    plane,
    index: state?.index ?? start,
    voi: state?.voi ?? voi,
    look: drawn?.look() ?? null,
    turn: drawn?.turn() ?? null,
    inverted: drawn?.isInverted() ?? false,
  };
}

/** The same stage in this window, as far as the studies are there. */
export function stageOf(told: ToldStage, studies: ReadonlyMap<string, StudyDetail>): Stage {
  const { layout, active, enlarged } = told;
  return { layout, active, enlarged, cells: told.cells.map((cell) => (cell === null ? null : contentOf(cell, studies.get(cell.study)))) };
}

function contentOf(cell: ToldCell, study: StudyDetail | undefined): CellContent | null {
  const series = study?.series_list.find(({ series_instance_uid }) => series_instance_uid === cell.series);
  if (study === undefined || series === undefined) return null;
  return content(study, series, { isPrior: cell.isPrior, plane: cell.plane });
}

/** Brings a cell to the image, window, turn and place that were told; where it lies is said of the image as it is turned. */
export function bringTo({ index, voi, look, turn, inverted }: ToldCell, { viewport }: Pick<StageCell, 'viewport'>): void {
  const state = viewport?.state ?? null;
  if (viewport === null || state === null || state.count === 0) return;
  if (state.index !== index) viewport.goTo(index);
  if (!state.rendered) return;
  if (voi !== null && (state.voi === null || Math.abs(state.voi.width - voi.width) > 0.5 || Math.abs(state.voi.center - voi.center) > 0.5)) {
    viewport.setVoi(voi);
  }
  if (look !== null && inverted !== viewport.isInverted()) viewport.run('invert');
  if (turn !== null && !isSameTurn(turn, viewport.turn())) viewport.setTurn(turn);
  const now = viewport.look();
  if (look !== null && now !== null && !isNear(now.zoom, look.zoom, ...pairs(now.pan, look.pan))) viewport.setLook(look);
}

function isSameTurn(one: Turn, other: Turn | null): boolean {
  return one.mirrored === other?.mirrored && one.quarters === other.quarters;
}

function pairs(one: readonly [number, number], other: readonly [number, number]): number[] {
  return [one[0], other[0], one[1], other[1]];
}

function isNear(...values: number[]): boolean {
  return values.every((value, at) => at % 2 === 1 || Math.abs(value - values[at + 1]!) < 0.002);
}
