import { lasting } from '../lib/storage.ts';
import { Cell } from '../store.ts';
import { pixelsPerMm, thisDisplay, type Calibrations } from './calibration.ts';
import { UNFILTERED, type FilterChoice } from './filters.ts';
import { LAYOUTS, type LayoutName } from './layout.ts';

/** How this person looks at ECGs on this screen. */
export interface EcgSettings {
  layout: LayoutName;
  speed: number;
  gain: number;
  filters: FilterChoice;
  /** True millimetres, or as large as fits. */
  trueSize: boolean;
  /** Screens that somebody has measured. */
  screens: Calibrations;
  snap: boolean;
}

const KEY = 'countyread.ecg';
const USUAL: EcgSettings = {
  layout: '3x4+1',
  speed: 25,
  gain: 10,
  filters: UNFILTERED,
  trueSize: false,
  screens: {},
  snap: true,
};

export const ecgSettings = new Cell<EcgSettings>(remembered());

export function changeEcg(change: Partial<EcgSettings>): void {
  const next = { ...ecgSettings.value, ...change };
  lasting.set(KEY, JSON.stringify(next));
  ecgSettings.set(next);
}

/** CSS pixels a millimetre of this screen at this zoom; null until somebody has measured it. */
export function measuredPixelsPerMm(): number | null {
  return pixelsPerMm(ecgSettings.value.screens, thisDisplay());
}

function remembered(): EcgSettings {
  try {
    const told = JSON.parse(lasting.get(KEY) ?? '{}') as Partial<EcgSettings>;
    const layout = LAYOUTS.find((name) => name === told.layout) ?? USUAL.layout;
    return { ...USUAL, ...told, layout, filters: { ...UNFILTERED, ...told.filters } };
  } catch {
    return USUAL;
  }
}
