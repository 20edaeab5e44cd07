import type { FrameStack } from '../frames.ts';
import type { PlanesShown } from '../planes/planes-words.ts';
import type { Look, StackState } from '../stack-view.ts';
import { crossing, planeOf, type ImagePlane, type Segment } from './geometry.ts';
import { InStep, type Slices } from './in-step.ts';
import type { StageCell } from './stage-cell.ts';

const known = new WeakMap<FrameStack, readonly (ImagePlane | null)[]>();

/** Where the images of a stack lie; worked out once. */
export function planesOf(stack: FrameStack): readonly (ImagePlane | null)[] {
  const planes = known.get(stack) ?? stack.frames.map(planeOf);
  known.set(stack, planes);
  return planes;
}

export interface Habits extends PlanesShown {
  /** Stacks scroll together. */
  sync: boolean;
  /** Window, zoom and place of all images of a modality change together. */
  link: boolean;
  /** Each image shows where the active one cuts through it. */
  lines: boolean;
}

/** What the other cells do when the reader moves something in the active one. */
export class Following {
  readonly #inStep = new InStep();
  readonly #indexes = new WeakMap<StageCell, number>();
  #looks = '';

  /** Whatever cell has changed, only the active one leads. */
  changed(cells: readonly StageCell[], cell: number, active: number, habits: Habits): void {
    const leader = cells[cell];
    const state = leader?.viewport?.state ?? null;
    if (leader === undefined || state === null) return;
    const before = this.#indexes.get(leader) ?? state.index;
    this.#indexes.set(leader, state.index);
    const others = cells.filter((other) => other !== leader && other.viewport?.state != null);
    if (cell !== active || others.length === 0) return;
    if (habits.sync && before !== state.index) this.#scroll(leader, before, others);
    if (habits.link && state.rendered) this.#link(leader, state, others);
  }

  forget(): void {
    this.#inStep.forget();
    this.#looks = '';
  }

  #scroll(leader: StageCell, before: number, others: readonly StageCell[]): void {
    const from = slicesOf(leader);
    if (from === null) return;
    for (const other of others.filter((one) => areTogether(leader, one))) {
      const to = slicesOf(other);
      const index = to === null ? null : this.#inStep.follow(from, before, to);
      if (index !== null) other.viewport?.goTo(index);
    }
  }

  #link(leader: StageCell, { voi }: StackState, others: readonly StageCell[]): void {
    const look = leader.viewport?.look() ?? null;
    const now = JSON.stringify([leader.content?.series.series_instance_uid, rounded(look), voi]);
    const isNew = now !== this.#looks && this.#looks !== '';
    this.#looks = now;
    if (!isNew || look === null) return;
    const modality = leader.content?.series.modality;
    for (const { content, viewport } of others) {
      if (content?.series.modality !== modality) continue;
      viewport?.setLook(look);
      if (voi !== null) viewport?.setVoi(voi);
    }
  }
}

/** Of the groups that a rule has made; where it has made none, all cells belong together. */
function areTogether(one: StageCell, other: StageCell): boolean {
  return (one.content?.group ?? '') === (other.content?.group ?? '');
}

function rounded(look: Look | null): number[] {
  return look === null ? [] : [look.zoom, ...look.pan].map((value) => Math.round(value * 1000));
}

function slicesOf({ shownStack, viewport, content }: StageCell): Slices | null {
  if (shownStack === null || content === null || content.plane !== null || viewport?.state == null) return null;
  return { key: content.series.series_instance_uid, planes: planesOf(shownStack), index: viewport.state.index };
}

/** Where the image of the leading cell cuts through that of another; `null` when it does not. */
export function lineAcross(leader: StageCell, other: StageCell): Segment | null {
  const [from, to] = [planeShown(leader), planeShown(other)];
  return from === null || to === null ? null : crossing(from, to);
}

function planeShown(cell: StageCell): ImagePlane | null {
  const slices = slicesOf(cell);
  return slices === null ? null : (slices.planes[slices.index] ?? null);
}
