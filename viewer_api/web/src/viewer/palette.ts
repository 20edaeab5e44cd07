import type { Attribute, Instance } from './dicom-json.ts';

/** Red, Green and Blue Palette Color Lookup Table: descriptor and data (PS3.3 C.7.6.3.1.5 and C.7.6.3.1.6). */
const TABLES = [
  ['00281101', '00281201'],
  ['00281102', '00281202'],
  ['00281103', '00281203'],
] as const;
const MOST_ENTRIES = 65_536;

/** Palettes come as base64 words; the image loader wants their numbers. Everything else stays as it is. */
export function withPalettes(instance: Instance): Instance {
  const tables = TABLES.flatMap(([descriptor, data]) => {
    const inline = instance[data]?.InlineBinary;
    return inline === undefined ? [] : [[data, numbers(inline, entriesOf(instance[descriptor]))] as const];
  });
  return tables.length === 0 ? instance : { ...instance, ...Object.fromEntries(tables) };
}

/** One word an entry, or one byte where the table is too short for words. */
function numbers(base64: string, entries: number): Attribute {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const inWords = bytes.length >= 2 * entries;
  const values = Array.from({ length: entries }, (_, n) =>
    inWords ? bytes[2 * n]! | (bytes[2 * n + 1]! << 8) : (bytes[n] ?? 0),
  );
  return { vr: 'US', Value: values };
}

/** Zero stands for 65536 entries. */
function entriesOf(descriptor: Attribute | undefined): number {
  return Number(descriptor?.Value?.[0]) || MOST_ENTRIES;
}
