import type { OptionSpec } from '../api/templates-types.ts';

/** Options whose code, initials or name in either language the letters may mean; codes first, then initials, then names. */
export function findOptions(options: readonly OptionSpec[], letters: string, most: number): OptionSpec[] {
  const wanted = letters.trim().toLowerCase();
  if (wanted === '') return [];
  return options
    .map((option, place) => ({ option, place, rank: rankOf(option, wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, most)
    .map(({ option }) => option);
}

const NO_MATCH = 4;

function rankOf({ code, value, initials, label }: OptionSpec, letters: string): number {
  const known = (code ?? value).toLowerCase();
  if (known === letters) return 0;
  if (known.startsWith(letters)) return 1;
  if ((initials ?? '').startsWith(letters)) return 2;
  return label.zh.includes(letters) || label.en.toLowerCase().includes(letters) ? 3 : NO_MATCH;
}
