import { Enums, getShouldUseCPURendering, utilities, type Types } from '@cornerstonejs/core';

import { numberOf, Tag, textOf, type Instance } from '../dicom-json.ts';
import { lookAt, placementFrom, type Placement } from '../measuring/placement.ts';
import { MeasuringTag } from '../measuring/tags.ts';
import type { Pixels } from '../measuring/values.ts';
import { edges, type Edges } from '../orientation.ts';
import type { Look, Quality, Voi } from '../stack-view.ts';
import { valuesBeforeVoi } from './declared-values.ts';

/** How a viewport looks now, in the interface's own terms. */

const { FULL_RESOLUTION } = Enums.ImageQualityStatus;

export function qualityOf(viewport: Types.IStackViewport): Quality {
  const status = viewport.getCornerstoneImage()?.imageQualityStatus ?? FULL_RESOLUTION;
  return status >= FULL_RESOLUTION ? 'full' : 'partial';
}

/** By PS3.3 C.11.2.1.2, so that 100/40 stays 100/40. */
export function voiOf(viewport: Types.IStackViewport): Voi | null {
  const range = viewport.getProperties().voiRange;
  // None, or null, until an image has one.
  if (!range) return null;
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

/**
 * Where the image lies. On the GPU the engine's places name centres of pixels, on the CPU their outer corners. An image that is
 * still coming may have fewer, larger pixels than its instance says.
 */
export function placementOf(viewport: Types.IStackViewport, instance: Instance, cpu: boolean): Placement | null {
  const image = viewport.getImageData();
  const [columns, rows] = [numberOf(instance, Tag.Columns), numberOf(instance, Tag.Rows)];
  if (!image || !columns || !rows) return null;
  const { origin, spacing, direction, dimensions } = image;
  const corner = cpu ? 0 : -0.5;
  const place = (i: number, j: number): readonly [number, number] => {
    const at = [0, 1, 2].map((n) => origin[n]! + i * spacing[0] * direction[n]! + j * spacing[1] * direction[n + 3]!);
    return viewport.worldToCanvas(at as Types.Point3);
  };
  const [start, right, down] = [place(corner, corner), place(corner + dimensions[0], corner), place(corner, corner + dimensions[1])];
  return placementFrom(start, right, down, [columns, rows]);
}

/** On the CPU the viewport tells its zoom over the pixels of the image, and its pan in them. */
export function lookOf(viewport: Types.IStackViewport, placement: Placement | null, { clientWidth, clientHeight }: Element): Look {
  const image = viewport.getImageData();
  if (placement === null || !image) return { zoom: 1, pan: [0, 0] };
  const { zoom, pan } = lookAt(placement, [image.dimensions[0], image.dimensions[1]], [clientWidth || 1, clientHeight || 1]);
  return { zoom: getShouldUseCPURendering() ? zoom : viewport.getZoom(), pan };
}

/**
 * Moves the picture by CSS pixels. The viewport's own way passes over less than one on the GPU, and on the CPU takes them for places
 * in the patient.
 */
export function moveBy(viewport: Types.IStackViewport, by: readonly [number, number]): void {
  const { focalPoint, position } = viewport.getCamera();
  if (focalPoint === undefined || position === undefined) return;
  const [from, to] = [viewport.canvasToWorld([0, 0]), viewport.canvasToWorld([...by])];
  const moved = (place: Types.Point3): Types.Point3 => place.map((value, axis) => value - (to[axis]! - from[axis]!)) as Types.Point3;
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
}

/** Values after the modality transform; `null` for colours and while the image is still coming. */
export function pixelsOf(viewport: Types.IStackViewport, instance: Instance): Pixels | null {
  const image = viewport.getCornerstoneImage();
  if (image === undefined || image.color || qualityOf(viewport) !== 'full' || !isWhole(image, instance)) return null;
  const stored = valuesBeforeVoi(image) ?? image.getPixelData();
  const [slope, intercept] = image.preScale?.scaled ? [1, 0] : [image.slope, image.intercept];
  const declared = textOf(instance, MeasuringTag.RescaleType).toUpperCase();
  const unit = declared === 'HU' || (declared === '' && textOf(instance, MeasuringTag.Modality) === 'CT') ? 'HU' : '';
  return { columns: image.columns, rows: image.rows, unit, at: (index) => stored[index]! * slope + intercept };
}

/** Whether the decoded image has the size that its data set announces; some decoders return rubbish without an error. */
export function isWhole(image: Types.IImage, instance: Instance): boolean {
  const [rows, columns] = [numberOf(instance, Tag.Rows) ?? image.rows, numberOf(instance, Tag.Columns) ?? image.columns];
  const full = (image.imageQualityStatus ?? FULL_RESOLUTION) >= FULL_RESOLUTION;
  const fits = !full || (image.rows === rows && image.columns === columns);
  const pixels = image.rows * image.columns;
  return fits && pixels > 0 && image.getPixelData().length >= pixels;
}
