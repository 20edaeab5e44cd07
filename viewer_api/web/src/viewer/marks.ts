import { Cell } from '../store.ts';

export type MarkShape = 'rectangle' | 'arrow';

/** Left, top, right, bottom in shares of the image; of an arrow from its end to its tip. */
export type Region = readonly [number, number, number, number];

/** A place in an image that the clinic is to look at. */
export interface PlaceMark {
  series_instance_uid: string;
  sop_instance_uid: string;
  /** Counts from 1. */
  frame: number;
  region: Region;
  shape: MarkShape;
}

/** What the reader has marked in the case that he reads, to go with his question or his return; one at a time. */
export const placeMark = new Cell<PlaceMark | null>(null);

/** The shares of the image between two points of the screen; a rectangle is turned the right way round. */
export function regionOf(shape: MarkShape, from: Point, to: Point, image: Box): Region {
  const share = (point: Point): [number, number] => [
    within((point.x - image.x) / image.width),
    within((point.y - image.y) / image.height),
  ];
  const [x1, y1] = share(from);
  const [x2, y2] = share(to);
  if (shape === 'arrow') return [x1, y1, x2, y2];
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

/** Where an image of that many pixels stands that is shown whole, in the middle of its viewport. */
export function imageBox(viewport: { width: number; height: number }, columns: number, rows: number): Box {
  const scale = Math.min(viewport.width / columns, viewport.height / rows);
  const [width, height] = [columns * scale, rows * scale];
  return { x: (viewport.width - width) / 2, y: (viewport.height - height) / 2, width, height };
}

function within(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 10_000;
}
