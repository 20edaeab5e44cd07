import type { ViewCommand } from './image-viewport.ts';
import { planesIn } from './planes/planes-words.ts';
import type { FrameStack } from './frames.ts';
import type { ToolName } from './stack-view.ts';
import { MORE_TOOLS, type StageAction } from './viewer-keys.ts';

/** A button of the toolbar, and its key. */
export type EntryName = ToolName | ViewCommand | StageAction;

/** Planes that are cut out of a stack are not measured, and no overlay or shutter is made for them. */
const IDLE_ON_PLANES: readonly EntryName[] = [
  'magnify',
  'length',
  ...MORE_TOOLS.map(({ value }) => value),
  'clear',
  'cine',
  'overlays',
  'shutter',
];

/** What does nothing with that which the active cell shows; `stack` is `null` while it is still coming. */
export function idleEntries(isPlane: boolean, stack: FrameStack | null): ReadonlySet<EntryName> {
  if (isPlane) return new Set(IDLE_ON_PLANES);
  const has = stack === null ? { overlays: false, shutter: false } : planesIn(stack);
  return new Set((['overlays', 'shutter'] as const).filter((name) => !has[name]));
}
