import type { Series, StudyDetail } from '../../api/types.ts';
import type { Voi } from '../stack-view.ts';
import { cellsOf, type LayoutName } from './layouts.ts';

/** A plane through the patient, cut out of a stack. */
export type Plane = 'axial' | 'coronal' | 'sagittal';

/** What a cell shows: a series of the study in hand, or of one of before. */
export interface CellContent {
  study: StudyDetail;
  series: Series;
  isPrior: boolean;
  /** The image that is shown first, counted from 0. */
  start: number;
  /** `null` for the images as they were taken. */
  plane: Plane | null;
  /** The window it opens with; `null` for the image's own. */
  voi: Voi | null;
  /** Cells of one group scroll together; empty where no rule has said so. */
  group: string;
}

/** The cells in rows from the left; tools act on the active one. */
export interface Stage {
  layout: LayoutName;
  cells: readonly (CellContent | null)[];
  active: number;
  /** The active cell fills the stage. */
  enlarged: boolean;
}

export const EMPTY_STAGE: Stage = { layout: '1x1', cells: [null], active: 0, enlarged: false };

export function content(study: StudyDetail, series: Series, more: Partial<CellContent> = {}): CellContent {
  return { study, series, isPrior: false, start: 0, plane: null, voi: null, group: '', ...more };
}

export function activeContent(stage: Stage): CellContent | null {
  return stage.cells[stage.active] ?? null;
}

/** Another layout: what was shown stays where it fits, the active cell is kept, new cells take what is `waiting`. */
export function withLayout(stage: Stage, layout: LayoutName, waiting: readonly CellContent[] = []): Stage {
  const count = cellsOf(layout);
  const kept = stage.cells.slice(0, count);
  const active = Math.min(stage.active, count - 1);
  if (stage.active >= count) kept[active] = activeContent(stage);
  const rest = waiting.filter((one) => !kept.some((shown) => isSame(shown, one)));
  while (kept.length < count) kept.push(null);
  const cells = kept.map((shown) => shown ?? rest.shift() ?? null);
  return { layout, cells, active, enlarged: false };
}

export function withContent(stage: Stage, index: number, shown: CellContent | null): Stage {
  return { ...stage, cells: stage.cells.map((before, at) => (at === index ? shown : before)) };
}

/** The cell that tools act on; out of range stays where it is. */
export function withActive(stage: Stage, index: number): Stage {
  const isThere = index >= 0 && index < stage.cells.length && index !== stage.active;
  return isThere ? { ...stage, active: index } : stage;
}

/** Around in a circle. */
export function stepActive(stage: Stage, by: number): Stage {
  const count = stage.cells.length;
  return withActive(stage, (stage.active + by + count) % count);
}

export function toggleEnlarged(stage: Stage): Stage {
  return stage.cells.length > 1 ? { ...stage, enlarged: !stage.enlarged } : stage;
}

/** The three planes through a series, and its own images beside them. */
export function inPlanes(shown: CellContent): Stage {
  const planes: readonly (Plane | null)[] = ['axial', 'coronal', 'sagittal', null];
  return { layout: '2x2', cells: planes.map((plane) => ({ ...shown, plane })), active: 0, enlarged: false };
}

/** Whether both show the same images in the same way. */
export function isSame(one: CellContent | null, other: CellContent | null): boolean {
  if (one === null || other === null) return one === other;
  return one.series.series_instance_uid === other.series.series_instance_uid && one.plane === other.plane && one.start === other.start;
}
