import { getWebWorkerManager } from '@cornerstonejs/core';

/** HTJ2K lossless RPCL (PS3.5 A.4.14), as frames come over slow lines. */
const SYNTAX = '1.2.840.10008.1.2.4.202';
/** 4 x 4 pixels of 16 bits, all zero. */
const TINY =
  '/0//UQApQAAAAAAEAAAABAAAAAAAAAAAAAAABAAAAAQAAAAAAAAAAAABDwEB/1AACAACAAAACf9SAAwAAgABAAEEBEAB/1wAByCIiIiI/2QAFwABT3BlbkpQSCBWZXIgMC4yNi4zLv+QAAoAAAAAAB8AAf+TwAArAP9//3//f/9/AoG0AAD/2Q==';
const FRAME = {
  samplesPerPixel: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  rows: 4,
  columns: 4,
  bitsAllocated: 16,
  bitsStored: 16,
  pixelRepresentation: 0,
  smallestPixelValue: 0,
  largestPixelValue: 0,
};

/** Has the worker fetch and compile its codec before the first frame comes, which would wait for it. */
export async function warmCodec(): Promise<void> {
  const pixelData = Uint8Array.from(atob(TINY), (letter) => letter.charCodeAt(0));
  const task = { imageFrame: FRAME, transferSyntax: SYNTAX, pixelData, options: { preScale: { enabled: false } }, decodeConfig: {} };
  await getWebWorkerManager()
    .executeTask('dicomImageLoader', 'decodeTask', task)
    .catch(() => undefined);
}
