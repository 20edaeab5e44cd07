const MEGABYTE = 1024 * 1024;
const OF_CACHE = 0.8;

/** Gigabytes of the PC and what decoded images may take of a tab: it needs some 600 MB beside them while it loads, and is to stay under 1 GB. */
const CACHES: readonly [gigabytes: number, megabytes: number][] = [
  [8, 320],
  [4, 288],
  [2, 192],
];
const LEAST = 128;
/** Firefox does not tell, and Chromium only where the page came encrypted or from the PC itself. */
const USUAL_GIGABYTES = 4;

/** Bytes of decoded images that are kept for a PC with so much memory; `undefined` where the browser does not say. */
export function cacheBytes(gigabytes: number | undefined): number {
  const told = gigabytes ?? USUAL_GIGABYTES;
  const [, megabytes] = CACHES.find(([least]) => told >= least) ?? [0, LEAST];
  return megabytes * MEGABYTE;
}

/** Of these, what may be fetched before somebody looks at it: the rest is for what else is looked at meanwhile. */
export function aheadBytes(cached: number): number {
  return Math.floor(cached * OF_CACHE);
}
