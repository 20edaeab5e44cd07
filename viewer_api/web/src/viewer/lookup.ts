import { numbersOf, type Instance } from './dicom-json.ts';

/** LUT Descriptor and LUT Data of a modality or VOI LUT (PS3.3 C.11.1.1 and C.11.2.1.1). */
export interface LookupTable {
  /** The value that the first entry stands for. */
  first: number;
  entries: readonly number[];
  bits: number;
}

export type Values = ArrayLike<number>;

const DESCRIPTOR = '00283002';
const DATA = '00283006';
const MOST_ENTRIES = 65_536;
const LARGEST = 32_767;

/** The table of an item for values that may be `signed`; `null` where there is none that can be read. */
export function lookupTable(item: Instance | null, signed: boolean): LookupTable | null {
  const [count, first, bits] = item === null ? [] : numbersOf(item, DESCRIPTOR);
  if (item === null || count === undefined || first === undefined || !bits) return null;
  const wanted = count || MOST_ENTRIES;
  const entries = entriesOf(item, wanted);
  return entries.length < wanted ? null : { first: signed && first > LARGEST ? first - MOST_ENTRIES : first, entries: entries.slice(0, wanted), bits };
}

/** Numbers, or base64 of words; of bytes where it is too short for words. */
function entriesOf(item: Instance, wanted: number): readonly number[] {
  const inline = item[DATA]?.InlineBinary;
  if (inline === undefined) return numbersOf(item, DATA).map((value) => (value < 0 ? value + MOST_ENTRIES : value));
  const bytes = Uint8Array.from(atob(inline), (char) => char.charCodeAt(0));
  if (bytes.length < 2 * wanted) return [...bytes];
  return Array.from({ length: wanted }, (_, n) => bytes[2 * n]! | (bytes[2 * n + 1]! << 8));
}

/** The first entry for all values below the first that is mapped, the last one for all above. */
export function lookedUp({ first, entries }: LookupTable, value: number): number {
  return entries[Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1)]!;
}

/** Smallest and largest, of those that are not `besides`. A plain loop: it looks at every pixel of every slice. */
export function spanOf(values: Values, besides?: number): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value === besides) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
