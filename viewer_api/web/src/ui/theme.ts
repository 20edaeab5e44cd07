import { lasting } from '../lib/storage.ts';
import { Cell } from '../store.ts';

export type Theme = 'light' | 'dark';

const KEY = 'countyread.theme';

export const theme = new Cell<Theme>(initial());

/** The reading page is dark whatever is chosen: bright surroundings hide low contrast. */
const forcedDark = new Cell(false);

export function setTheme(value: Theme): void {
  lasting.set(KEY, value);
  theme.set(value);
}

export function forceDark(on: boolean): void {
  forcedDark.set(on);
}

export function applyTheme(): void {
  const apply = (): void => {
    document.documentElement.dataset['theme'] = forcedDark.value ? 'dark' : theme.value;
  };
  theme.subscribe(apply);
  forcedDark.subscribe(apply);
  apply();
}

function initial(): Theme {
  const kept = lasting.get(KEY);
  if (kept === 'light' || kept === 'dark') return kept;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
