export interface Pixels {
  values: Int16Array | Float32Array;
  min: number;
  max: number;
}

const WORDS = 65_536;
const LARGEST = 32_767;

/**
 * Values of 16 bits that were negative before they were kept unsigned, and then rescaled; `null` when there are none.
 * A signed 16-bit pixel cannot be larger than 32767 before rescaling.
 */
export function unwrap(pixels: ArrayLike<number>, slope: number, intercept: number): Pixels | null {
  const largest = LARGEST * slope + intercept;
  if (!some(pixels, (value) => value > largest)) return null;
  const integral = Number.isInteger(slope) && Number.isInteger(intercept);
  const floats = Float32Array.from(pixels, (value) => (value > largest ? value - WORDS * slope : value));
  const [min, max] = extremes(floats);
  const fits = integral && min >= -LARGEST - 1 && max <= LARGEST;
  return { values: fits ? Int16Array.from(floats) : floats, min, max };
}

function some(pixels: ArrayLike<number>, test: (value: number) => boolean): boolean {
  for (let n = 0; n < pixels.length; n++) if (test(pixels[n]!)) return true;
  return false;
}

function extremes(pixels: Float32Array): [min: number, max: number] {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of pixels) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
