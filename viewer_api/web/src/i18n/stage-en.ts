import type { stageZh } from './stage-zh.ts';

/** The stage: cells, keeping in step, reconstruction, hanging. */
export const stageEn: Record<keyof typeof stageZh, string> = {
  'viewer.tool.magnify': 'Magnifying glass (hold and drag)',
  'viewer.upend': 'Flip upside down',
  'stage.layouts': 'Layout',
  'stage.layout': '{rows} rows, {columns} columns',
  'stage.enlarge': 'Enlarge the active cell (double click)',
  'stage.empty': 'Drag a series here',
  'stage.current': 'Current',
  'stage.prior': 'Prior',
  'stage.keys.cell': 'Next cell / previous cell',
};
