import { numberOf, numbersOf, Tag, textOf, type Instance } from './dicom-json.ts';
import { withPalettes } from './palette.ts';

export interface Frame {
  /** Cornerstone's name of the frame: `wadors:` and the address of WADO-RS Retrieve Frames (PS3.18 10.4.1.1.6). */
  imageId: string;
  instance: Instance;
}

/** The frames of a series in reading order. */
export interface FrameStack {
  frames: readonly Frame[];
  /** Milliseconds for which a cine shows each. */
  frameMs: readonly number[];
  /** Decoded size of one frame, for the memory budget. */
  bytesPerFrame: number;
}

const SECOND_MS = 1000;
const DEFAULT_RATE = 12;
const FASTEST_MS = SECOND_MS / 60;
const SLOWEST_MS = 5000;
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
    frameMs: images.flatMap(frameTimes),
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

/** Counts from 1, as in the address of WADO-RS Retrieve Frames (PS3.18 10.4.1.1.6). */
export function frameNumber({ imageId }: Frame): number {
  return Number(/\/frames\/(\d+)$/.exec(imageId)?.[1] ?? 1);
}

/** The frame after it; the clip that it belongs to begins again after its last one. */
export function nextInClip(frames: readonly Frame[], index: number): number {
  const clip = frames[index]?.instance;
  const isAlone = frames[index - 1]?.instance !== clip && frames[index + 1]?.instance !== clip;
  if (isAlone) return (index + 1) % frames.length;
  return frames[index + 1]?.instance === clip ? index + 1 : frames.findIndex(({ instance }) => instance === clip);
}

/**
 * Cine module (PS3.3 C.7.6.5): the rate that is recommended, the one it was taken at, the frame time, or the vector of
 * times between one frame and the next, whose first value is always 0.
 */
function frameTimes(instance: Instance): number[] {
  const count = Math.max(1, numberOf(instance, Tag.NumberOfFrames) ?? 1);
  const vector = numbersOf(instance, Tag.FrameTimeVector);
  const rate = numberOf(instance, Tag.RecommendedDisplayFrameRate) ?? numberOf(instance, Tag.CineRate);
  const frameMs = rate ? SECOND_MS / rate : (numberOf(instance, Tag.FrameTime) ?? SECOND_MS / DEFAULT_RATE);
  const isPaced = !rate && vector.length === count && count > 1;
  return Array.from({ length: count }, (_, n) => playable(isPaced ? (vector[n + 1] ?? vector[n]!) : frameMs));
}

function playable(ms: number): number {
  return Math.min(SLOWEST_MS, Math.max(FASTEST_MS, ms > 0 ? ms : SECOND_MS / DEFAULT_RATE));
}

function sizeOf(instance: Instance): number {
  const samples = numberOf(instance, Tag.SamplesPerPixel) ?? 1;
  const bytes = samples > 1 ? 4 : PIXEL_BYTES;
  return (numberOf(instance, Tag.Rows) ?? 0) * (numberOf(instance, Tag.Columns) ?? 0) * bytes;
}
