import { cameAlone, cameHere } from '../fetched.ts';
import { readParts, type Part } from '../multipart.ts';

const ACCEPT = 'multipart/related; type=application/octet-stream; transfer-syntax=*';
const FRAME = /^wadors:(\/dicomweb(\/.+)\/instances\/([\d.]+)\/frames\/)(\d+)$/;
const OF_ONE_OBJECT = 16;
const OF_ONE_SERIES = 16;
const DECODED_BYTES = 4 * 1024 * 1024;

/** Frames that came in answers with others, until the loader takes them: a request for each costs the way there and back. */
const arrived = new Map<string, Part>();

interface Named {
  /** Address of the frames of its object. */
  object: string;
  /** Path of its series, without a root. */
  series: string;
  sop: string;
  number: string;
}

function named(imageId: string | undefined): Named | null {
  const [, object, series, sop, number] = FRAME.exec(imageId ?? '') ?? [];
  return object === undefined ? null : { object, series: series!, sop: sop!, number: number! };
}

/** How many slices of that size, decoded, come in one answer: enough to keep a line busy, few enough that the next ones soon come. */
export function slicesTogether(bytesPerFrame: number): number {
  return Math.min(OF_ONE_SERIES, Math.max(1, Math.round(DECODED_BYTES / Math.max(1, bytesPerFrame))));
}

/**
 * The frames that can come with this one, of those still wanted: of an object with more frames the nearest after it, of
 * slices those of the same block of so many. Blocks are always the same, so that the browser finds in its cache what it had.
 */
export function together(imageIds: readonly string[], first: number, wanted: (index: number) => boolean, slices: number): number[] {
  const { object, series } = named(imageIds[first]) ?? {};
  if (object === undefined) return [first];
  const isSlice = (index: number): boolean => [index - 1, index + 1].every((beside) => named(imageIds[beside])?.object !== named(imageIds[index])?.object);
  if (!isSlice(first)) return following(imageIds, first, wanted);
  const start = first - (first % slices);
  const block = Array.from({ length: Math.min(slices, imageIds.length - start) }, (_, n) => start + n);
  return block.filter((index) => index === first || (wanted(index) && isSlice(index) && named(imageIds[index])?.series === series));
}

function following(imageIds: readonly string[], first: number, wanted: (index: number) => boolean): number[] {
  const object = named(imageIds[first])?.object;
  const indexes = [first];
  for (let index = first + 1; indexes.length < OF_ONE_OBJECT; index += 1) {
    if (named(imageIds[index])?.object !== object || !wanted(index)) break;
    indexes.push(index);
  }
  return indexes;
}

/** Where these frames come in one answer, in this order; null when they cannot. */
export function addressOf(imageIds: readonly string[]): string | null {
  const names = imageIds.map(named);
  const [first] = names;
  if (first === null || first === undefined) return null;
  if (names.every((one) => one?.object === first.object)) return first.object + names.map((one) => one!.number).join(',');
  if (names.some((one) => one?.series !== first.series || one.number !== '1')) return null;
  return `/api/v1${first.series}/slices/${names.map((one) => one!.sop).join(',')}`;
}

/** Fetches frames with one request; `came` hears of each as it arrives. Throws when not all of them come. */
export async function fetchTogether(imageIds: readonly string[], signal: AbortSignal, came: (imageId: string) => void): Promise<void> {
  const address = addressOf(imageIds);
  if (address === null) throw new Error('not in one answer');
  // What the reader looks at goes first.
  const answer = await fetch(address, { headers: { Accept: ACCEPT }, signal, priority: 'low' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const expected = imageIds.values();
  await readParts(answer, (part) => {
    const imageId = expected.next().value;
    if (imageId === undefined) return;
    arrived.set(imageId, part);
    noteArrival(imageId, imageIds.length === 1);
    came(imageId);
  });
}

/** That the browser has the frame, and whether under its own address. */
export function noteArrival(imageId: string, alone: boolean): void {
  const { object, number } = named(imageId) ?? {};
  if (object === undefined || number === undefined) return;
  cameHere.add(object + number);
  if (alone) cameAlone.add(object + number);
}

/** Whether the browser has it under its own address. */
export function isHere(imageId: string): boolean {
  const { object, number } = named(imageId) ?? {};
  return object !== undefined && number !== undefined && cameAlone.has(object + number);
}

/** Hands a frame over, once. */
export function takeArrived(imageId: string): Part | null {
  const part = arrived.get(imageId) ?? null;
  arrived.delete(imageId);
  return part;
}

export function forgetArrived(imageIds: readonly string[]): void {
  imageIds.forEach((imageId) => arrived.delete(imageId));
}
