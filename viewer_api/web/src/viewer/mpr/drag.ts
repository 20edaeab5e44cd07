import type { ToolName } from '../stack-view.ts';

export type DragKind = 'crosshair' | 'window' | 'pan' | 'zoom' | 'scroll';

/** What a button drags: the left one as the tool says, pan in the middle, zoom on the right. */
export function dragKind(button: number, tool: ToolName): DragKind {
  if (button === 1) return 'pan';
  if (button === 2) return 'zoom';
  return tool === 'window' || tool === 'pan' || tool === 'zoom' || tool === 'scroll' ? tool : 'crosshair';
}
