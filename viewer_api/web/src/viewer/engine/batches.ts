import { partsOf, type Part } from '../multipart.ts';

const ACCEPT = 'multipart/related; type=application/octet-stream; transfer-syntax=*';
const FRAME = /^wadors:(.+\/frames\/)(\d+)$/;

/** Frames that came many in one answer, until the loader takes them: a request for each costs a cine its pace. */
const arrived = new Map<string, Part>();

/** The frames that can come with this one: of the same object, the nearest after it that are still wanted. */
export function together(imageIds: readonly string[], first: number, wanted: (index: number) => boolean, limit: number): number[] {
  const object = FRAME.exec(imageIds[first]!)?.[1];
  const indexes = [first];
  for (let index = first + 1; object !== undefined && indexes.length < limit; index += 1) {
    if (FRAME.exec(imageIds[index] ?? '')?.[1] !== object || !wanted(index)) break;
    indexes.push(index);
  }
  return indexes;
}

/** Fetch frames of one object with one request. What fails here is fetched one by one afterwards. */
export async function fetchTogether(imageIds: readonly string[], signal: AbortSignal): Promise<void> {
  const numbers = imageIds.map((imageId) => FRAME.exec(imageId)?.[2]);
  const root = FRAME.exec(imageIds[0] ?? '')?.[1];
  if (root === undefined) return;
  // What the reader looks at goes first.
  const answer = await fetch(root + numbers.join(','), { headers: { Accept: ACCEPT }, signal, priority: 'low' });
  if (!answer.ok) return;
  const body = new Uint8Array(await answer.arrayBuffer());
  const parts = partsOf(answer.headers.get('Content-Type') ?? '', body);
  if (parts.length === imageIds.length) imageIds.forEach((imageId, index) => arrived.set(imageId, parts[index]!));
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
