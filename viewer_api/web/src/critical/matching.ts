import type { CriticalFinding } from '../api/critical-types.ts';

type Named = Pick<CriticalFinding, 'name' | 'name_en' | 'pinyin' | 'initials'>;

/** Findings by what was typed: a part of a name, its pinyin or the first letters of its syllables; those that begin so first. */
export function matching<T extends Named>(findings: readonly T[], typed: string): T[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [...findings];
  const ranked = findings.map((finding) => ({ finding, rank: rankOf(finding, text) }));
  return ranked
    .filter(({ rank }) => rank !== null)
    .sort((one, other) => one.rank! - other.rank!)
    .map(({ finding }) => finding);
}

function rankOf({ name, name_en, pinyin, initials }: Named, text: string): number | null {
  const keys = [initials, pinyin, name.toLowerCase(), name_en.toLowerCase()];
  if (keys.some((key) => key.startsWith(text))) return 0;
  return keys.some((key) => key.includes(text)) ? 1 : null;
}
