import { Cell } from '../store.ts';
import type { Quality } from './stack-view.ts';

/** An image on screen that is not all that was taken. */
export interface NotFull {
  series: string;
  quality: Exclude<Quality, 'full'>;
}

/** Of the images on screen those that are not in full quality: loading, previews, and what cannot be shown. */
export const shownNotFull = new Cell<readonly NotFull[]>([]);

const shown = new Map<object, NotFull>();

/** A viewport tells what it shows; `null` when that is whole, or when it shows nothing. */
export function tellQuality(viewport: object, state: NotFull | null): void {
  const before = shown.get(viewport);
  if (before?.quality === state?.quality && before?.series === state?.series) return;
  if (state === null) shown.delete(viewport);
  else shown.set(viewport, state);
  shownNotFull.set([...shown.values()]);
}
