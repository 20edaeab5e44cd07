export interface Placement {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

const MIN_SCALE = 0.05;
const MAX_SCALE = 8;

/** The whole picture, in the middle. */
export function fit(picture: Size, frame: Size): Placement {
  return centred(picture, frame, Math.min(frame.width / picture.width, frame.height / picture.height));
}

/** As wide as the frame, from the top. */
export function fitWidth(picture: Size, frame: Size): Placement {
  const scale = frame.width / picture.width;
  const free = frame.height - picture.height * scale;
  return { x: 0, y: Math.max(0, free / 2), scale };
}

export function centred(picture: Size, frame: Size, scale: number): Placement {
  return { x: (frame.width - picture.width * scale) / 2, y: (frame.height - picture.height * scale) / 2, scale };
}

/** Zooms by `factor`; the point of the picture under `at` (frame coordinates) stays where it is. */
export function zoomAt(placement: Placement, factor: number, at: { x: number; y: number }): Placement {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, placement.scale * factor));
  const ratio = scale / placement.scale;
  return { x: at.x - (at.x - placement.x) * ratio, y: at.y - (at.y - placement.y) * ratio, scale };
}
