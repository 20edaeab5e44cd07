import type { MessageKey } from '../i18n/index.ts';
import type { IconName } from '../ui/icons.ts';
import type { ViewCommand } from './image-viewport.ts';
import { CT_PRESETS, type WindowPreset } from './presets.ts';
import { LAYOUT_NAMES, type LayoutName } from './stage/layouts.ts';
import type { ToolName } from './stack-view.ts';

export interface Entry<T> {
  value: T;
  icon: IconName;
  label: MessageKey;
  key: string;
}

/** What is done with the stage as a whole. */
export type StageAction =
  | 'enlarge'
  | 'measurements'
  | 'report'
  | 'sync'
  | 'link'
  | 'lines'
  | 'overlays'
  | 'shutter'
  | 'real'
  | 'mpr'
  | 'prior'
  | 'rules'
  | 'next'
  | 'rehang'
  | 'screen';

export const TOOLS: readonly Entry<ToolName>[] = [
  { value: 'window', icon: 'window', label: 'viewer.tool.window', key: 'W' },
  { value: 'pan', icon: 'pan', label: 'viewer.tool.pan', key: 'P' },
  { value: 'zoom', icon: 'zoom', label: 'viewer.tool.zoom', key: 'Z' },
  { value: 'scroll', icon: 'scroll', label: 'viewer.tool.scroll', key: 'S' },
  { value: 'magnify', icon: 'magnify', label: 'viewer.tool.magnify', key: 'G' },
  { value: 'length', icon: 'length', label: 'viewer.tool.length', key: 'L' },
];

/** In the menu beside them. */
export const MORE_TOOLS: readonly Entry<ToolName>[] = [
  { value: 'angle', icon: 'angle', label: 'viewer.tool.angle', key: 'A' },
  { value: 'cobb', icon: 'cobb', label: 'measure.tool.cobb', key: 'C' },
  { value: 'ctr', icon: 'chest', label: 'measure.tool.ctr', key: 'X' },
  { value: 'ellipse', icon: 'ellipse', label: 'viewer.tool.ellipse', key: 'E' },
  { value: 'rectangle', icon: 'rectangle', label: 'measure.tool.rectangle', key: 'Q' },
  { value: 'probe', icon: 'probe', label: 'measure.tool.probe', key: 'B' },
  { value: 'arrow', icon: 'arrow', label: 'measure.tool.arrow', key: 'J' },
  { value: 'text', icon: 'text', label: 'measure.tool.text', key: 'T' },
];

/** Listed while planes are cut out of a stack. */
export const CROSSHAIR: Entry<ToolName> = { value: 'crosshair', icon: 'planes', label: 'mpr.crosshair', key: 'Shift+C' };

export const COMMANDS: readonly Entry<ViewCommand>[] = [
  { value: 'clear', icon: 'eraser', label: 'viewer.tool.clear', key: 'Delete' },
  { value: 'invert', icon: 'invert', label: 'viewer.invert', key: 'I' },
  { value: 'rotate', icon: 'rotate', label: 'viewer.rotate', key: 'R' },
  { value: 'flip', icon: 'flip', label: 'viewer.flip', key: 'H' },
  { value: 'upend', icon: 'upend', label: 'viewer.upend', key: 'V' },
  { value: 'fit', icon: 'fit', label: 'viewer.fit', key: 'F' },
  { value: 'actual', icon: 'actual', label: 'viewer.actual', key: 'O' },
  { value: 'reset', icon: 'reset', label: 'viewer.reset', key: '0' },
];

export const ACTIONS: readonly Entry<StageAction>[] = [
  { value: 'enlarge', icon: 'enlarge', label: 'stage.enlarge', key: 'D' },
  { value: 'measurements', icon: 'list', label: 'measure.list', key: 'K' },
  { value: 'report', icon: 'into_report', label: 'measure.into_report', key: 'M' },
  { value: 'prior', icon: 'prior', label: 'stage.compare', key: 'Shift+P' },
  { value: 'sync', icon: 'sync', label: 'stage.sync', key: 'Y' },
  { value: 'link', icon: 'link', label: 'stage.link', key: 'Shift+K' },
  { value: 'lines', icon: 'lines', label: 'stage.lines', key: 'Shift+X' },
  { value: 'overlays', icon: 'layers', label: 'viewer.overlays.show', key: 'Shift+O' },
  { value: 'shutter', icon: 'shutter', label: 'viewer.shutter.show', key: 'Shift+S' },
  { value: 'mpr', icon: 'planes', label: 'mpr.open', key: 'Shift+M' },
  { value: 'screen', icon: 'screens', label: 'screen.open', key: 'U' },
  { value: 'real', icon: 'ruler', label: 'stage.real', key: '9' },
];

/** In the menu of rules; for readers alone. */
export const HANG_ACTIONS: readonly Entry<StageAction>[] = [
  { value: 'rules', icon: 'hanging', label: 'hang.menu', key: 'Shift+L' },
  { value: 'next', icon: 'forward', label: 'hang.next', key: 'Shift+H' },
  { value: 'rehang', icon: 'refresh', label: 'hang.again', key: 'Shift+R' },
];

/** What a key asks for. */
export type Intent =
  | { kind: 'step'; by: number }
  | { kind: 'end'; last: boolean }
  | { kind: 'series'; by: number }
  | { kind: 'cell'; by: number }
  | { kind: 'layout'; layout: LayoutName }
  | { kind: 'tool'; tool: ToolName }
  | { kind: 'command'; command: ViewCommand }
  | { kind: 'preset'; preset: WindowPreset }
  | { kind: 'action'; action: StageAction };

const FIXED: Readonly<Record<string, Intent>> = {
  ArrowUp: { kind: 'step', by: -1 },
  ArrowLeft: { kind: 'step', by: -1 },
  ArrowDown: { kind: 'step', by: 1 },
  ArrowRight: { kind: 'step', by: 1 },
  Home: { kind: 'end', last: false },
  End: { kind: 'end', last: true },
  PageUp: { kind: 'series', by: -1 },
  PageDown: { kind: 'series', by: 1 },
  ' ': { kind: 'command', command: 'cine' },
};

/** `presets`: whether the active cell has windows on the number keys. Layouts are on the number keys with Shift. */
export function intentOf({ key, code, shiftKey }: KeyboardEvent, presets: boolean): Intent | null {
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (shiftKey && digit !== undefined) {
    const layout = LAYOUT_NAMES[Number(digit) - 1];
    return layout === undefined ? null : { kind: 'layout', layout };
  }
  const letter = key.length === 1 ? key.toUpperCase() : key;
  if (letter === 'N') return { kind: 'cell', by: shiftKey ? -1 : 1 };
  return FIXED[key] ?? (shiftKey ? entryOf(`Shift+${letter}`, presets) : null) ?? entryOf(letter, presets);
}

function entryOf(key: string, presets: boolean): Intent | null {
  const tool = [...TOOLS, ...MORE_TOOLS, CROSSHAIR].find((entry) => entry.key === key);
  if (tool !== undefined) return { kind: 'tool', tool: tool.value };
  const command = COMMANDS.find((entry) => entry.key === key);
  if (command !== undefined) return { kind: 'command', command: command.value };
  const action = [...ACTIONS, ...HANG_ACTIONS].find((entry) => entry.key === key);
  if (action !== undefined) return { kind: 'action', action: action.value };
  const preset = presets ? CT_PRESETS.find((entry) => entry.key === key) : undefined;
  return preset === undefined ? null : { kind: 'preset', preset };
}
