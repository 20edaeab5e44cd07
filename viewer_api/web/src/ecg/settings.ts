import { lasting } from '../lib/storage.ts';
import { Cell } from '../store.ts';
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
  /** CSS pixels per millimetre of this screen, as measured with a ruler; null until somebody did. */
  pixelsPerMm: number | null;
  snap: boolean;
}

const KEY = 'countyread.ecg';
const USUAL: EcgSettings = {
  layout: '3x4+1',
  speed: 25,
  gain: 10,
  filters: UNFILTERED,
  trueSize: false,
  pixelsPerMm: null,
  snap: true,
};
/** CSS defines an inch as 96 pixels; a screen seldom keeps to it. */
export const NOMINAL_PIXELS_PER_MM = 96 / 25.4;

export const ecgSettings = new Cell<EcgSettings>(remembered());

export function changeEcg(change: Partial<EcgSettings>): void {
  const next = { ...ecgSettings.value, ...change };
  lasting.set(KEY, JSON.stringify(next));
  ecgSettings.set(next);
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
