import { cache, Enums, imageLoader, type Types } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';

import type { FrameStack } from '../frames.ts';
import type { Voi } from '../stack-view.ts';

const PARALLEL = 4;

export interface Pixels {
  /** One a frame, in the order asked for; values after rescaling (PS3.3 C.11.1). */
  slices: readonly ArrayLike<number>[];
  /** The window of the frame in the middle. */
  voi: Voi | null;
}

/** The values of frames, fetched where they are not there yet; `told` hears which share has come. */
export async function loadPixels(stack: FrameStack, imageIds: readonly string[], told: (share: number) => void): Promise<Pixels> {
  stack.frames.forEach(({ imageId, instance }) => wadors.metaDataManager.add(imageId, instance as never));
  const images = new Array<Types.IImage>(imageIds.length);
  const waiting = [...imageIds.entries()];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, imageId] = next;
      images[at] = cache.getImage(imageId) ?? (await loaded(imageId));
      done += 1;
      told(done / imageIds.length);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { slices: images.map(valuesOf), voi: windowOf(images[images.length >> 1]!) };
}

function loaded(imageId: string): Promise<Types.IImage> {
  return imageLoader.loadAndCacheImage(imageId, { requestType: Enums.RequestType.Prefetch, priority: 0 } as never);
}

function valuesOf(image: Types.IImage): ArrayLike<number> {
  const pixels = image.getPixelData();
  if (image.preScale?.scaled === true || (image.slope === 1 && image.intercept === 0)) return pixels;
  return Float32Array.from(pixels, (value) => value * image.slope + image.intercept);
}

function windowOf({ windowWidth, windowCenter }: Types.IImage): Voi | null {
  const [width, center] = [first(windowWidth), first(windowCenter)];
  return width === undefined || center === undefined ? null : { width, center };
}

function first(value: number | number[] | undefined): number | undefined {
  return Array.isArray(value) ? value[0] : value;
}
