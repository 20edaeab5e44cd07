import {
  addTool,
  Enums,
  MagnifyTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';

import { isKind, type Kind } from '../measuring/kinds.ts';
import type { ToolName } from '../stack-view.ts';

const { MouseBindings } = Enums;

/** Measuring is no tool of the engine: `measuring-layer` draws on any engine. */
type ViewTool = Exclude<ToolName, Kind | 'crosshair'>;

const TOOLS: Readonly<Record<ViewTool, typeof WindowLevelTool>> = {
  window: WindowLevelTool,
  pan: PanTool,
  zoom: ZoomTool,
  scroll: StackScrollTool,
  magnify: MagnifyTool,
} as never;

export function registerTools(): void {
  Object.values(TOOLS).forEach((tool) => addTool(tool as never));
}

/** The tools of one viewport: the chosen one on the left button, pan in the middle, zoom on the right, scroll on the wheel. */
export class ViewportTools {
  readonly #id: string;
  readonly #group;

  constructor(id: string, renderingEngineId: string) {
    this.#id = id;
    this.#group = ToolGroupManager.createToolGroup(id)!;
    Object.values(TOOLS).forEach(({ toolName }) => this.#group.addTool(toolName));
    this.#group.addViewport(id, renderingEngineId);
    this.use('window');
  }

  /** The crosshair belongs to planes that are cut out; on the images themselves its button scrolls. */
  use(tool: ToolName): void {
    const chosen = tool === 'crosshair' ? 'scroll' : tool;
    for (const name of Object.keys(TOOLS) as ViewTool[]) {
      const { toolName } = TOOLS[name];
      const bindings = bindingsOf(name, !isKind(chosen) && name === chosen);
      this.#group.setToolPassive(toolName, { removeAllBindings: true });
      if (bindings.length > 0) this.#group.setToolActive(toolName, { bindings });
      else this.#group.setToolDisabled(toolName);
    }
  }

  destroy(): void {
    ToolGroupManager.destroyToolGroup(this.#id);
  }
}

interface Binding {
  mouseButton?: number;
  numTouchPoints?: number;
}

function bindingsOf(name: ViewTool, chosen: boolean): Binding[] {
  const bindings: Binding[] = chosen ? [{ mouseButton: MouseBindings.Primary }, { numTouchPoints: 1 }] : [];
  if (name === 'pan') bindings.push({ mouseButton: MouseBindings.Auxiliary });
  if (name === 'zoom') bindings.push({ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 });
  if (name === 'scroll') bindings.push({ mouseButton: MouseBindings.Wheel }, { numTouchPoints: 3 });
  return bindings;
}
