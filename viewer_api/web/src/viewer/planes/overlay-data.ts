import type { Attribute } from '../dicom-json.ts';

const KEPT_BYTES = 32 * 1024 * 1024;

/** What was fetched last, the oldest first. */
const kept = new Map<string, Promise<Uint8Array>>();
const sizes = new Map<string, number>();

/** The bytes of a value, each fetched once. */
export function bytesOf({ InlineBinary, BulkDataURI }: Attribute): Promise<Uint8Array> {
  if (InlineBinary !== undefined) return Promise.resolve(Uint8Array.from(atob(InlineBinary), (char) => char.charCodeAt(0)));
  const path = new URL(BulkDataURI ?? '', document.baseURI).pathname;
  const known = kept.get(path);
  const asked = known ?? fetched(path);
  kept.delete(path);
  kept.set(path, asked);
  return asked;
}

async function fetched(path: string): Promise<Uint8Array> {
  try {
    const answer = await fetch(path, { headers: { Accept: 'application/octet-stream' } });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    sizes.set(path, bytes.length);
    forgetOld();
    return bytes;
  } catch (error) {
    kept.delete(path);
    throw error;
  }
}

function forgetOld(): void {
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const path of kept.keys()) {
    if (total <= KEPT_BYTES) return;
    total -= sizes.get(path) ?? 0;
    sizes.delete(path);
    kept.delete(path);
  }
}
