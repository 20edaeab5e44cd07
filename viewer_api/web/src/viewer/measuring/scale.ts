import { numberOf, numbersOf, textOf, type Instance } from '../dicom-json.ts';
import type { Method, Point } from './kinds.ts';
import { MeasuringTag as Tag } from './tags.ts';

/** What a step of one column and of one row is worth; the server counts by the same rules (`reading_queue.measuring.spacing`). */
export interface Scale {
  method: Method;
  x: number;
  y: number;
  xUnit: string;
  yUnit: string;
  /** The row where `yAtOrigin` is reached. */
  yOrigin: number;
  yAtOrigin: number;
}

const PROJECTIONS: ReadonlySet<string> = new Set(['CR', 'DX', 'MG', 'IO', 'PX', 'RG', 'RF', 'XA']);
const UNITS: Readonly<Record<number, string>> = { 3: 'cm', 4: 's', 5: 'Hz', 7: 'cm/s' };
const SAME = 1e-3;

export function scaleOf(instance: Instance, frame: number, points: readonly Point[]): Scale {
  const regions = items(instance, Tag.SequenceOfUltrasoundRegions);
  if (regions.length > 0) return regionScale(regions, points) ?? plain('uncalibrated', 1, 1, 'px');
  const spacing = spacingOf(instance, frame);
  if (spacing === null) return plain('pixels', 1, 1, 'px');
  const [method, row, column] = spacing;
  return plain(method, column, row, 'mm');
}

/** Both axes are of the same length unit, so that slanted lines, angles and areas have a meaning. */
export function isSpatial({ xUnit, yUnit }: Scale): boolean {
  return xUnit === yUnit && ['mm', 'cm', 'px'].includes(xUnit);
}

function plain(method: Method, x: number, y: number, unit: string): Scale {
  return { method, x, y, xUnit: unit, yUnit: unit, yOrigin: 0, yAtOrigin: 0 };
}

/** The millimetres between rows and between columns (PS3.3 10.7.1.3). */
function spacingOf(instance: Instance, frame: number): readonly [Method, number, number] | null {
  const atPatient = pair(pixelMeasures(instance, frame), Tag.PixelSpacing);
  const atDetector = pair(instance, Tag.ImagerPixelSpacing);
  const isProjection = atDetector !== null || PROJECTIONS.has(textOf(instance, Tag.Modality));
  if (atPatient !== null && !isProjection) return ['patient', ...atPatient];
  if (atPatient !== null && isCorrected(instance, atPatient, atDetector)) return ['calibrated', ...atPatient];
  const plane = atDetector ?? atPatient;
  if (plane !== null) return enlarged(plane, numberOf(instance, Tag.EstimatedRadiographicMagnificationFactor));
  const scanned = pair(instance, Tag.NominalScannedPixelSpacing);
  return scanned === null ? null : ['film', ...scanned];
}

function enlarged([row, column]: readonly [number, number], factor: number | null): readonly [Method, number, number] {
  return factor !== null && factor >= 1 ? ['magnification', row / factor, column / factor] : ['detector', row, column];
}

function isCorrected(instance: Instance, atPatient: readonly [number, number], atDetector: readonly [number, number] | null): boolean {
  if (['GEOMETRY', 'FIDUCIAL'].includes(textOf(instance, Tag.PixelSpacingCalibrationType))) return true;
  return atPatient.some((one, n) => Math.abs(one - (atDetector ?? atPatient)[n as 0 | 1]) > SAME * one);
}

/** The functional group of the frame, else the shared one, else the instance itself (PS3.3 C.7.6.16.2.1). */
function pixelMeasures(instance: Instance, frame: number): Instance {
  const ofFrame = items(instance, Tag.PerFrameFunctionalGroups)[frame - 1];
  const shared = items(instance, Tag.SharedFunctionalGroups)[0];
  const measures = [ofFrame, shared].flatMap((group) => (group === undefined ? [] : items(group, Tag.PixelMeasures).slice(0, 1)));
  return measures[0] ?? instance;
}

/** That of the ultrasound region with all the points in it (PS3.3 C.8.5.5); of high priority, then the smaller. */
function regionScale(regions: readonly Instance[], points: readonly Point[]): Scale | null {
  const found = regions.filter((region) => holds(region, points)).sort((a, b) => rank(a) - rank(b) || area(a) - area(b))[0];
  if (found === undefined) return null;
  const [xUnit, yUnit] = [UNITS[numberOf(found, Tag.PhysicalUnitsXDirection) ?? 0], UNITS[numberOf(found, Tag.PhysicalUnitsYDirection) ?? 0]];
  const [x, y] = [numberOf(found, Tag.PhysicalDeltaX), numberOf(found, Tag.PhysicalDeltaY)];
  if (!x || !y || xUnit === undefined || yUnit === undefined) return null;
  const yOrigin = box(found)[1] + (numberOf(found, Tag.ReferencePixelY0) ?? 0) + 0.5;
  return { method: 'region', x, y, xUnit, yUnit, yOrigin, yAtOrigin: numberOf(found, Tag.ReferencePixelPhysicalValueY) ?? 0 };
}

function rank(region: Instance): number {
  return (numberOf(region, Tag.RegionFlags) ?? 0) & 1 ? 0 : 1;
}

function area(region: Instance): number {
  const [left, top, right, bottom] = box(region);
  return (right - left) * (bottom - top);
}

/** Outer edges: the locations name the first and the last pixel inside. */
function box(region: Instance): readonly [number, number, number, number] {
  const at = (tag: string): number => numberOf(region, tag) ?? 0;
  return [at(Tag.RegionLocationMinX0), at(Tag.RegionLocationMinY0), at(Tag.RegionLocationMaxX1) + 1, at(Tag.RegionLocationMaxY1) + 1];
}

function holds(region: Instance, points: readonly Point[]): boolean {
  const [left, top, right, bottom] = box(region);
  return points.every(([x, y]) => x >= left && x <= right && y >= top && y <= bottom);
}

function pair(instance: Instance, tag: string): readonly [number, number] | null {
  const [row, column] = numbersOf(instance, tag);
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : null;
}

function items(instance: Instance, tag: string): readonly Instance[] {
  return (instance[tag]?.Value ?? []).filter((one): one is Instance => typeof one === 'object' && one !== null);
}
