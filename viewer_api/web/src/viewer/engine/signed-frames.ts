import { registerImageLoader, type Types } from '@cornerstonejs/core';
import { createImage, wadors } from '@cornerstonejs/dicom-image-loader';

import { numberOf, Tag, textOf, type Instance } from '../dicom-json.ts';
import { unwrap } from '../unwrap.ts';
import { noteArrival, takeArrived } from './batches.ts';
import { asDeclared, isRescaledHere, showInstead } from './declared-values.ts';

const JPEG_2000: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91']);

/**
 * Some devices write JPEG 2000 with an unsigned codestream into a data set that says signed. The loader then keeps
 * negative values in an unsigned array: air turns white. Such images are put right before anybody sees them.
 */
export function registerSignedFrames(): void {
  registerImageLoader('wadors', ((imageId: string, given: object = {}) => {
    const instance = (wadors.metaDataManager.get(imageId) ?? {}) as Instance;
    const options = (isRescaledHere(instance) ? { ...given, preScale: { enabled: false } } : given) as never;
    const part = takeArrived(imageId);
    const loading =
      part === null
        ? wadors.loadImage(imageId, options)
        : { promise: createImage(imageId, part.data as never, part.transferSyntax, options) as Promise<Types.IImage> };
    const promise = loading.promise.then((loaded) => {
      if (part === null) noteArrival(imageId, true);
      const image = loaded as unknown as Types.IImage;
      return asDeclared(mayBeWrapped(instance) ? corrected(image) : image, instance);
    });
    return { ...loading, promise };
  }) as never);
}

function mayBeWrapped(instance: Instance): boolean {
  return numberOf(instance, Tag.PixelRepresentation) === 1 && JPEG_2000.has(textOf(instance, Tag.AvailableTransferSyntaxUID));
}

function corrected(image: Types.IImage): Types.IImage {
  const scaled = image.preScale?.scaled === true;
  const pixels = unwrap(image.getPixelData(), scaled ? image.slope : 1, scaled ? image.intercept : 0);
  if (pixels === null) return image;
  return showInstead(image, pixels.values, pixels.min, pixels.max);
}
