import { html, nothing, type TemplateResult } from 'lit';

import { t } from '../../i18n/index.ts';
import { frameNumber, type Frame, type FrameStack } from '../frames.ts';
import { bitmapOn, overlayPlanes } from './overlay-planes.ts';
import { shutterOf } from './shutter.ts';

/** Which of the things that images bring along are to be seen. */
export interface PlanesShown {
  overlays: boolean;
  shutter: boolean;
}

const known = new WeakMap<FrameStack, PlanesShown>();

/** Which of them any image of a stack has. */
export function planesIn(stack: FrameStack): PlanesShown {
  const before = known.get(stack);
  if (before !== undefined) return before;
  const instances = [...new Set(stack.frames.map(({ instance }) => instance))];
  const found = {
    overlays: instances.some((instance) => overlayPlanes(instance).length > 0),
    shutter: instances.some((instance) => shutterOf(instance) !== null),
  };
  known.set(stack, found);
  return found;
}

/** Which overlays lie on the image, by their names, and what of it is hidden. */
export function planesWords(frame: Frame | undefined, shown: PlanesShown): TemplateResult | typeof nothing {
  if (frame === undefined) return nothing;
  const planes = overlayPlanes(frame.instance).filter((plane) => bitmapOn(plane, frameNumber(frame)) !== null);
  const names = planes.map(({ name }, n) => name || t('viewer.overlays.number', { n: n + 1 })).join(t('viewer.overlays.and'));
  const isCovered = !shown.shutter && shutterOf(frame.instance) !== null;
  return html`${names === ''
    ? nothing
    : html`<span class=${shown.overlays ? 'faint' : 'side'} data-testid="overlay-names"
        >${t(shown.overlays ? 'viewer.overlays' : 'viewer.overlays.hidden', { names })}</span
      >`}${isCovered ? html`<span class="side">${t('viewer.shutter.off')}</span>` : nothing}`;
}
