import type { Phrase, Section } from '../api/templates-types.ts';
import type { Language } from '../i18n/index.ts';

/** The letters before the caret that may mean a phrase. */
export interface Typed {
  start: number;
  letters: string;
}

export interface Selection {
  text: string;
  start: number;
  end: number;
}

const WORD = /[a-z][a-z0-9]*$/;
const BEFORE_WORD = /[A-Za-z0-9'_-]$/;
const LEAST = { zh: 2, en: 3 } as const;
const MOST_SHOWN = 8;
const PLACEHOLDER = /\{[^{}\n]{1,40}\}/g;

/** Small letters alone call for phrases: CT, T2WI and Chinese words are typed through. */
export function typedBefore(text: string, caret: number, language: Language): Typed | null {
  const head = text.slice(0, caret);
  const letters = WORD.exec(head)?.[0] ?? '';
  const start = caret - letters.length;
  return letters.length < LEAST[language] || BEFORE_WORD.test(head.slice(0, start)) ? null : { start, letters };
}

/** By code, then initials, then pinyin (in English the words); what is used most first. */
export function matching(phrases: readonly Phrase[], letters: string, section: Section, language: Language): Phrase[] {
  const ranked = phrases
    .filter((phrase) => (phrase.section === '' || phrase.section === section) && wordsOf(phrase, language) !== '')
    .map((phrase) => ({ phrase, rank: rankOf(phrase, letters, language) }))
    .filter(({ rank }) => rank >= 0);
  // The server has put phrases for other parts of the body last; a stable sort keeps that within one rank.
  ranked.sort((a, b) => a.rank - b.rank || b.phrase.uses - a.phrase.uses);
  return ranked.slice(0, MOST_SHOWN).map(({ phrase }) => phrase);
}

function rankOf({ code, initials, pinyin, en }: Phrase, letters: string, language: Language): number {
  if (letters === '' || code === letters) return 0;
  const spoken = language === 'zh' ? [initials, pinyin] : [en.toLowerCase()];
  const found = [code, ...spoken].findIndex((one) => one.startsWith(letters));
  return found < 0 ? found : found + 1;
}

export function wordsOf(phrase: Phrase, language: Language): string {
  return language === 'zh' ? phrase.zh : phrase.en;
}

/** The phrase in place of the letters, its first placeholder selected, else the caret behind it. */
export function accepted(text: string, caret: number, typed: Typed, words: string): Selection {
  const whole = text.slice(0, typed.start) + words + text.slice(caret);
  const end = typed.start + words.length;
  const first = placeholders(words)[0];
  if (first === undefined) return { text: whole, start: end, end };
  return { text: whole, start: typed.start + first.start, end: typed.start + first.end };
}

/** The next `{...}` after the selection, or the one before it; round the end of the text. */
export function nextPlaceholder(text: string, from: number, to: number, back: boolean): { start: number; end: number } | null {
  const all = placeholders(text);
  if (back) return all.findLast(({ end }) => end <= from) ?? all.at(-1) ?? null;
  return all.find(({ start }) => start >= to) ?? all[0] ?? null;
}

export function placeholders(text: string): { start: number; end: number }[] {
  return [...text.matchAll(PLACEHOLDER)].map((found) => ({ start: found.index, end: found.index + found[0].length }));
}

/** Behind the last character of `now` that was not in `before`. */
export function endOfChange(before: string, now: string): number {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before.at(-1 - same) === now.at(-1 - same)) same += 1;
  return now.length - same;
}
