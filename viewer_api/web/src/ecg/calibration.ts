/**
 * True millimetres of a screen. What is kept is device pixels a millimetre, for one screen: the browser's zoom changes
 * neither, and another monitor is measured anew.
 */
export type Calibrations = Readonly<Record<string, number>>;

export interface Display {
  width: number;
  height: number;
  /** Device pixels a CSS pixel, which the browser's zoom changes. */
  ratio: number;
}

/** CSS defines an inch as 96 pixels; a screen seldom keeps to it. */
export const NOMINAL_PIXELS_PER_MM = 96 / 25.4;
/** A bank card is 85.60 mm wide (ISO/IEC 7810, ID-1). */
export const CARD_MM = 85.6;
const FEWEST = 1.5;
const MOST = 30;

/** One monitor, whatever the zoom: its size in device pixels. */
export function screenKey({ width, height, ratio }: Display): string {
  return `${Math.round(width * ratio)}x${Math.round(height * ratio)}`;
}

/** CSS pixels a millimetre; null where nobody has measured this screen. */
export function pixelsPerMm(known: Calibrations, display: Display): number | null {
  const dense = known[screenKey(display)];
  return dense === undefined ? null : dense / display.ratio;
}

/** With the screen on which `cssPixels` are `mm` long; null when that cannot be true of any screen. */
export function calibrated(known: Calibrations, display: Display, cssPixels: number, mm: number): Calibrations | null {
  const dense = (cssPixels / mm) * display.ratio;
  if (!Number.isFinite(dense) || dense < FEWEST || dense > MOST) return null;
  return { ...known, [screenKey(display)]: dense };
}

export function thisDisplay(): Display {
  const { width, height } = globalThis.screen ?? { width: 0, height: 0 };
  return { width, height, ratio: globalThis.devicePixelRatio || 1 };
}
