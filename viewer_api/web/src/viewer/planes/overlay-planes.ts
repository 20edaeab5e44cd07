import { numberOf, numbersOf, textOf, type Attribute, type Instance } from '../dicom-json.ts';

/** A bitmap that lies on an image, or one on each of its frames (PS3.3 C.9.2 and C.9.3). */
export interface OverlayPlane {
  /** `6000` to `601E`. */
  group: string;
  rows: number;
  columns: number;
  /** Where its first point lies: 1 and 1 are the upper left pixel of the image. May be below 1. */
  row: number;
  column: number;
  /** A region of interest rather than graphics. */
  isRegion: boolean;
  /** What the modality calls it; empty when it has no name. */
  name: string;
  /** How many bitmaps it has, one for each frame from `firstFrame` on; `null` for one that lies on all frames. */
  frames: number | null;
  /** Counts from 1. */
  firstFrame: number;
  data: Attribute;
}

const Element = {
  Rows: '0010',
  Columns: '0011',
  Frames: '0015',
  Description: '0022',
  Type: '0040',
  Origin: '0050',
  FirstFrame: '0051',
  Label: '1500',
  Data: '3000',
} as const;
const MOST = 16;
const GROUPS = Array.from({ length: MOST }, (_, n) => (0x6000 + 2 * n).toString(16).toUpperCase());

/** The planes of an image in the order of their groups; without those that have no size or no data. */
export function overlayPlanes(instance: Instance): OverlayPlane[] {
  return GROUPS.flatMap((group) => planeOf(instance, group) ?? []);
}

function planeOf(instance: Instance, group: string): OverlayPlane | null {
  const [rows, columns] = [numberOf(instance, group + Element.Rows), numberOf(instance, group + Element.Columns)];
  const data = instance[group + Element.Data];
  if (!rows || !columns || (data?.InlineBinary === undefined && data?.BulkDataURI === undefined)) return null;
  const [row = 1, column = 1] = numbersOf(instance, group + Element.Origin);
  return {
    group,
    rows,
    columns,
    row,
    column,
    isRegion: textOf(instance, group + Element.Type).toUpperCase() === 'R',
    name: textOf(instance, group + Element.Label) || textOf(instance, group + Element.Description),
    frames: numberOf(instance, group + Element.Frames),
    firstFrame: numberOf(instance, group + Element.FirstFrame) ?? 1,
    data,
  };
}

/** Which bitmap of the plane lies on a frame, that counts from 1: its index, or `null` for none. */
export function bitmapOn({ frames, firstFrame }: OverlayPlane, frame: number): number | null {
  if (frames === null) return 0;
  const index = frame - firstFrame;
  return index >= 0 && index < Math.max(1, frames) ? index : null;
}

/**
 * The points of a bitmap in rows, 1 where they are set. Least significant bits come first, and a bitmap begins at the bit after the
 * one before it (PS3.5 8.1.2); points that the data does not reach are not set.
 */
export function pointsOf({ rows, columns }: OverlayPlane, data: Uint8Array, index: number): Uint8Array {
  const count = rows * columns;
  const first = index * count;
  const points = new Uint8Array(count);
  const there = Math.min(count, data.length * 8 - first);
  for (let n = 0; n < there; n++) {
    const bit = first + n;
    points[n] = (data[bit >> 3]! >> (bit & 7)) & 1;
  }
  return points;
}
