import type { MessageKey } from '../i18n/index.ts';

export interface WindowPreset {
  key: string;
  name: MessageKey;
  width: number;
  center: number;
}

/** Windows for CT in Hounsfield units, on the number keys. */
export const CT_PRESETS: readonly WindowPreset[] = [
  { key: '1', name: 'viewer.preset.brain', width: 80, center: 40 },
  { key: '2', name: 'viewer.preset.lung', width: 1500, center: -600 },
  { key: '3', name: 'viewer.preset.bone', width: 2000, center: 400 },
  { key: '4', name: 'viewer.preset.abdomen', width: 350, center: 50 },
  { key: '5', name: 'viewer.preset.soft', width: 400, center: 40 },
];
