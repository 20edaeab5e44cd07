import { numberOf, Tag, textOf, type Instance } from './dicom-json.ts';
import { withPalettes } from './palette.ts';

export interface Frame {
  /** Cornerstone's name of the frame: `wadors:` and the address of WADO-RS Retrieve Frames (PS3.18 10.4.1.1.6). */
  imageId: string;
  instance: Instance;
}

/** The frames of a series in reading order, and the rate at which a cine was recorded. */
export interface FrameStack {
  frames: readonly Frame[];
  framesPerSecond: number;
  /** Decoded size of one frame, for the memory budget. */
  bytesPerFrame: number;
}

const DEFAULT_RATE = 12;
const PIXEL_BYTES = 2;

export function seriesRoot(studyUid: string, seriesUid: string): string {
  return `/dicomweb/studies/${studyUid}/series/${seriesUid}`;
}

export function instanceUrl(studyUid: string, seriesUid: string, sopInstanceUid: string): string {
  return `${seriesRoot(studyUid, seriesUid)}/instances/${sopInstanceUid}`;
}

export function frameStack(studyUid: string, seriesUid: string, instances: readonly Instance[]): FrameStack {
  const images = instances
    .filter((instance) => numberOf(instance, Tag.Rows) !== null)
    .sort(inReadingOrder)
    .map(withPalettes);
  const frames = images.flatMap((instance) => {
    const url = instanceUrl(studyUid, seriesUid, textOf(instance, Tag.SOPInstanceUID));
    const count = Math.max(1, numberOf(instance, Tag.NumberOfFrames) ?? 1);
    return Array.from({ length: count }, (_, n) => ({ imageId: `wadors:${url}/frames/${n + 1}`, instance }));
  });
  const first = images[0];
  return {
    frames,
    framesPerSecond: first === undefined ? DEFAULT_RATE : rateOf(first),
    bytesPerFrame: first === undefined ? 0 : sizeOf(first),
  };
}

/** By instance number as the modality counted, then by slice location; stable where neither is known. */
function inReadingOrder(a: Instance, b: Instance): number {
  return (
    compare(numberOf(a, Tag.InstanceNumber), numberOf(b, Tag.InstanceNumber)) ||
    compare(numberOf(a, Tag.SliceLocation), numberOf(b, Tag.SliceLocation)) ||
    textOf(a, Tag.SOPInstanceUID).localeCompare(textOf(b, Tag.SOPInstanceUID), 'en', { numeric: true })
  );
}

function compare(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}

function rateOf(instance: Instance): number {
  const frameTime = numberOf(instance, Tag.FrameTime);
  const rate =
    numberOf(instance, Tag.RecommendedDisplayFrameRate) ??
    numberOf(instance, Tag.CineRate) ??
    (frameTime ? 1000 / frameTime : DEFAULT_RATE);
  return Math.min(60, Math.max(1, rate));
}

function sizeOf(instance: Instance): number {
  const samples = numberOf(instance, Tag.SamplesPerPixel) ?? 1;
  const bytes = samples > 1 ? 4 : PIXEL_BYTES;
  return (numberOf(instance, Tag.Rows) ?? 0) * (numberOf(instance, Tag.Columns) ?? 0) * bytes;
}
