import { Enums, utilities, type Types } from '@cornerstonejs/core';

import { numberOf, Tag, type Instance } from '../dicom-json.ts';
import { edges, type Edges } from '../orientation.ts';
import type { Quality, Voi } from '../stack-view.ts';

/** How a viewport looks now, in the interface's own terms. */

const { FULL_RESOLUTION } = Enums.ImageQualityStatus;

export function qualityOf(viewport: Types.IStackViewport): Quality {
  const status = viewport.getCornerstoneImage()?.imageQualityStatus ?? FULL_RESOLUTION;
  return status >= FULL_RESOLUTION ? 'full' : 'partial';
}

/** By PS3.3 C.11.2.1.2, so that 100/40 stays 100/40. */
export function voiOf(viewport: Types.IStackViewport): Voi | null {
  const range = viewport.getProperties().voiRange;
  if (range === undefined) return null;
  const { windowWidth, windowCenter } = utilities.windowLevel.toWindowLevel(range.lower, range.upper);
  return { width: windowWidth, center: windowCenter };
}

/** Pixels of the screen per image pixel, measured where the first pixel of the first row lies. */
export function scaleOf(viewport: Types.IStackViewport): number | null {
  const image = viewport.getImageData();
  if (!image) return null;
  const [x, y, z] = image.origin;
  const step = image.spacing[0];
  const [dx = 0, dy = 0, dz = 0] = image.direction;
  const next: Types.Point3 = [x + dx * step, y + dy * step, z + dz * step];
  const [a, b] = [viewport.worldToCanvas([x, y, z]), viewport.worldToCanvas(next)];
  return Math.hypot(a[0] - b[0], a[1] - b[1]) * (globalThis.devicePixelRatio || 1);
}

export function edgesOf(viewport: Types.IStackViewport): Edges | null {
  const image = viewport.getImageData();
  return image ? edges(image.origin, (world) => viewport.worldToCanvas([...world])) : null;
}

/** Whether the decoded image has the size that its data set announces; some decoders return rubbish without an error. */
export function isWhole(image: Types.IImage, instance: Instance): boolean {
  const [rows, columns] = [numberOf(instance, Tag.Rows) ?? image.rows, numberOf(instance, Tag.Columns) ?? image.columns];
  const full = (image.imageQualityStatus ?? FULL_RESOLUTION) >= FULL_RESOLUTION;
  const fits = !full || (image.rows === rows && image.columns === columns);
  const pixels = image.rows * image.columns;
  return fits && pixels > 0 && image.getPixelData().length >= pixels;
}
