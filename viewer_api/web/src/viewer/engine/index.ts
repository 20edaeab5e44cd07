/** The only folder that knows Cornerstone3D. */
import { cache, init as initCore, utilities } from '@cornerstonejs/core';
import { init as initLoader } from '@cornerstonejs/dicom-image-loader';
import { init as initTools } from '@cornerstonejs/tools';

import type { FrameStack } from '../frames.ts';
import type { StackState, StackView } from '../stack-view.ts';
import { CornerstoneStack } from './cornerstone-stack.ts';
import { cacheBytes } from './memory.ts';
import { loadPixels as readPixels, type Pixels } from './pixels.ts';
import { registerSignedFrames } from './signed-frames.ts';
import { registerTools } from './tools.ts';
import { warmCodec } from './warm-codec.ts';

let ready: Promise<void> | null = null;

/** Once per page; GPU when there is one, CPU otherwise. */
export function initialise(): Promise<void> {
  ready ??= start();
  return ready;
}

async function start(): Promise<void> {
  await initCore({ rendering: { webGlContextCount: 1 } } as never);
  initLoader({ maxWebWorkers: Math.min(4, Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1)) });
  void warmCodec();
  registerSignedFrames();
  await initTools();
  registerTools();
  cache.setMaxCacheSize(cacheBytes((navigator as { deviceMemory?: number }).deviceMemory));
  // HTJ2K frames (1.2.840.10008.1.2.4.202) are decoded while they arrive.
  utilities.imageRetrieveMetadataProvider.add('stack', { retrieveOptions: { single: { streaming: true } } });
}

export async function openView(element: HTMLDivElement, changed: (state: StackState) => void): Promise<StackView> {
  await initialise();
  return new CornerstoneStack(element, changed);
}

/** The values of all frames of a stack; `told` hears which share has come. */
export async function loadPixels(stack: FrameStack, imageIds: readonly string[], told: (share: number) => void): Promise<Pixels> {
  await initialise();
  return readPixels(stack, imageIds, told);
}
