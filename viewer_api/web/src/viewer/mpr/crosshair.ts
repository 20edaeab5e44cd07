import { Cell } from '../../store.ts';
import type { FrameStack } from '../frames.ts';
import type { Point3 } from '../orientation.ts';
import type { Voi } from '../stack-view.ts';
import { planesOf } from '../stage/following.ts';
import { fitness, type Unfit } from './fitness.ts';
import type { Slab, Volume } from './reslice.ts';

/** What all planes of a stack share. */
export interface Crosshair {
  /** In values along rows, columns and slices; `null` until the volume is there. */
  voxel: Point3 | null;
  slab: Slab;
  voi: Voi | null;
  inverted: boolean;
}

export interface Reconstruction {
  crosshair: Cell<Crosshair>;
  /** Shares of the slices that are there, 0 to 1. */
  progress: Cell<number>;
  volume: Promise<Volume>;
}

/** Why the stack cannot be cut in other planes; `null` when it can. */
export function unfitFor(stack: FrameStack): Unfit | null {
  const found = fitness(planesOf(stack));
  return typeof found === 'string' ? found : null;
}

const known = new WeakMap<FrameStack, Reconstruction>();

/** The reconstruction of a stack, begun when it is first asked for; the stack must be fit for it. */
export function reconstructionOf(stack: FrameStack): Reconstruction {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const progress = new Cell(0);
  const crosshair = new Cell<Crosshair>({ voxel: null, slab: { mode: 'mean', mm: 0 }, voi: null, inverted: false });
  const made = { crosshair, progress, volume: load(stack, progress, crosshair) };
  known.set(stack, made);
  made.volume.catch(() => known.delete(stack));
  return made;
}

async function load(stack: FrameStack, progress: Cell<number>, crosshair: Cell<Crosshair>): Promise<Volume> {
  const planes = planesOf(stack);
  const found = fitness(planes);
  if (typeof found === 'string') throw new Error(found);
  const { loadPixels } = await import('../engine/index.ts');
  const imageIds = found.order.map((index) => stack.frames[index]!.imageId);
  const { slices, voi } = await loadPixels(stack, imageIds, (share) => progress.set(share));
  const plane = planes[found.order[0]!]!;
  const volume = { slices, plane, stepMm: found.stepMm };
  const middle: Point3 = [plane.columns >> 1, plane.rows >> 1, slices.length >> 1];
  crosshair.set({ ...crosshair.value, voxel: middle, voi: crosshair.value.voi ?? voi });
  return volume;
}
