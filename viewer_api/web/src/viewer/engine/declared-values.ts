import { getShouldUseCPURendering, utilities, type Types } from '@cornerstonejs/core';

import { itemOf, numberOf, textOf, type Instance } from '../dicom-json.ts';
import { lookedUp, lookupTable, spanOf, type Values } from '../lookup.ts';

const LutTag = {
  ModalityLUTSequence: '00283000',
  VOILUTSequence: '00283010',
  VOILUTFunction: '00281056',
  WindowWidth: '00281051',
  RescaleSlope: '00281053',
  PixelPaddingValue: '00280120',
} as const;
const CURVE_STEPS = 4095;
const WIDEST = 32_767;

/** What the pixels of an image meant before its VOI LUT was applied to them, which are the values that are measured. */
const measured = new WeakMap<Types.IImage, Values>();

export function valuesBeforeVoi(image: Types.IImage): Values | null {
  return measured.get(image) ?? null;
}

/** The loader cannot rescale downwards: it chooses the kind of numbers from the ends of the range the wrong way round. */
export function isRescaledHere(instance: Instance): boolean {
  return (numberOf(instance, LutTag.RescaleSlope) ?? 1) < 0 || itemOf(instance, LutTag.ModalityLUTSequence) !== null;
}

/**
 * The image with what the loader leaves out: falling rescale and modality LUT (PS3.3 C.11.1), VOI LUT function and VOI LUT
 * (C.11.2), and a window that does not count padding (C.7.5.1.1.2) where the object declares none.
 */
export function asDeclared(image: Types.IImage, instance: Instance): Types.IImage {
  if (image.color) return image;
  const told = textOf(instance, LutTag.VOILUTFunction).toUpperCase();
  image.voiLUTFunction = (told === 'SIGMOID' || told === 'LINEAR_EXACT' ? told : 'LINEAR') as never;
  rescale(image, instance);
  leaveOutPadding(image, instance);
  const table = lookupTable(itemOf(instance, LutTag.VOILUTSequence), image.minPixelValue < 0);
  if (table !== null) curve(image, (value) => lookedUp(table, value), 2 ** table.bits - 1);
  else if (told === 'SIGMOID' && getShouldUseCPURendering()) curve(image, sigmoid(image), CURVE_STEPS);
  return image;
}

/** The CPU rescales while it draws. */
function rescale(image: Types.IImage, instance: Instance): void {
  const table = lookupTable(itemOf(instance, LutTag.ModalityLUTSequence), image.minPixelValue < 0);
  if (table !== null) setPixels(image, Float32Array.from(image.getPixelData(), (value) => lookedUp(table, value)));
  else if (isRescaledHere(instance) && !getShouldUseCPURendering()) setPixels(image, modalityValues(image));
  else return;
  if (table !== null && numberOf(instance, LutTag.WindowWidth) === null) openAround(image, image.getPixelData());
}

function modalityValues(image: Types.IImage): Float32Array {
  const [slope, intercept] = image.preScale?.scaled ? [1, 0] : [image.slope, image.intercept];
  const stored = image.getPixelData();
  const values = new Float32Array(stored.length);
  for (let n = 0; n < stored.length; n++) values[n] = stored[n]! * slope + intercept;
  return values;
}

function leaveOutPadding(image: Types.IImage, instance: Instance): void {
  const padding = numberOf(instance, LutTag.PixelPaddingValue);
  if (padding === null || numberOf(instance, LutTag.WindowWidth) !== null) return;
  openAround(image, modalityValues(image), Math.fround(padding * image.slope + image.intercept));
}

function openAround(image: Types.IImage, values: Values, padding?: number): void {
  const [low, high] = spanOf(values, padding);
  if (low <= high) Object.assign(image, utilities.windowLevel.toWindowLevel(low, high));
}

/** Draws what the curve makes of each value, from 0 to `most`; windows are then windows of that. */
function curve(image: Types.IImage, shape: (value: number) => number, most: number): void {
  const values = modalityValues(image);
  setPixels(image, values.map(shape));
  measured.set(image, values);
  Object.assign(image, { windowWidth: most + 1, windowCenter: (most + 1) / 2, voiLUTFunction: 'LINEAR' });
}

function sigmoid({ windowCenter, windowWidth }: Types.IImage): (value: number) => number {
  const [center, width] = [[windowCenter].flat()[0]!, [windowWidth].flat()[0]!];
  return (value) => Math.round(CURVE_STEPS / (1 + Math.exp((-4 * (value - center)) / width)));
}

function setPixels(image: Types.IImage, floats: Float32Array): void {
  const [min, max] = spanOf(floats);
  const fits = min >= -WIDEST - 1 && max <= WIDEST && floats.every(Number.isInteger);
  showInstead(image, fits ? Int16Array.from(floats) : floats, min, max);
  Object.assign(image, { slope: 1, intercept: 0, isPreScaled: true, preScale: { enabled: true, scaled: true } });
}

/** Other values for the pixels of an image. */
export function showInstead(image: Types.IImage, scalarData: Int16Array | Float32Array, min: number, max: number): Types.IImage {
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    scalarData,
    width: image.columns,
    height: image.rows,
    numberOfComponents: 1,
  });
  return Object.assign(image, {
    voxelManager,
    getPixelData: () => scalarData,
    dataType: scalarData.constructor.name,
    sizeInBytes: scalarData.byteLength,
    minPixelValue: min,
    maxPixelValue: max,
    imageFrame: { ...image.imageFrame, pixelData: scalarData, smallestPixelValue: min, largestPixelValue: max },
  });
}
