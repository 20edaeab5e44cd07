import {
  addTool,
  AngleTool,
  annotation,
  EllipticalROITool,
  Enums,
  LengthTool,
  MagnifyTool,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';

import type { ToolName } from '../stack-view.ts';

const { MouseBindings } = Enums;

const TOOLS: Readonly<Record<ToolName, typeof WindowLevelTool | typeof LengthTool>> = {
  window: WindowLevelTool,
  pan: PanTool,
  zoom: ZoomTool,
  scroll: StackScrollTool,
  magnify: MagnifyTool,
  length: LengthTool,
  angle: AngleTool,
  ellipse: EllipticalROITool,
} as never;

const MEASURING: readonly ToolName[] = ['length', 'angle', 'ellipse'];

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

  use(chosen: ToolName): void {
    for (const name of Object.keys(TOOLS) as ToolName[]) {
      const { toolName } = TOOLS[name];
      const bindings = bindingsOf(name, name === chosen);
      this.#group.setToolPassive(toolName, { removeAllBindings: true });
      if (bindings.length > 0) this.#group.setToolActive(toolName, { bindings });
      else if (!MEASURING.includes(name)) this.#group.setToolDisabled(toolName);
    }
  }

  clear(element: HTMLDivElement): void {
    MEASURING.forEach((name) => {
      const { toolName } = TOOLS[name];
      [...(annotation.state.getAnnotations(toolName, element) ?? [])].forEach(({ annotationUID }) => {
        if (annotationUID !== undefined) annotation.state.removeAnnotation(annotationUID);
      });
    });
  }

  destroy(): void {
    ToolGroupManager.destroyToolGroup(this.#id);
  }
}

interface Binding {
  mouseButton?: number;
  numTouchPoints?: number;
}

function bindingsOf(name: ToolName, chosen: boolean): Binding[] {
  const bindings: Binding[] = chosen ? [{ mouseButton: MouseBindings.Primary }, { numTouchPoints: 1 }] : [];
  if (name === 'pan') bindings.push({ mouseButton: MouseBindings.Auxiliary });
  if (name === 'zoom') bindings.push({ mouseButton: MouseBindings.Secondary }, { numTouchPoints: 2 });
  if (name === 'scroll') bindings.push({ mouseButton: MouseBindings.Wheel }, { numTouchPoints: 3 });
  return bindings;
}
