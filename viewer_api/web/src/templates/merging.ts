import type { Language } from '../i18n/index.ts';
import { apart, joined, numbered, type Said } from './render.ts';

/** A sentence that was changed by hand, and what the template would say there now (`''`: nothing). */
export interface Edited {
  id: string;
  hand: string;
  wanted: string;
}

export interface Merged {
  text: string;
  edited: readonly Edited[];
}

interface Place {
  start: number;
  end: number;
  isExact: boolean;
}

const NUMBER = /^\s*\d{1,2}\s*[.、．)）]\s*/;

/** The text with the template's sentences brought from `before` to `after`; what was changed by hand is left and told. */
export function merge(text: string, before: readonly Said[], after: readonly Said[], language: Language): Merged {
  if (text === joined(before, language)) return { text: joined(after, language), edited: [] };
  let result = text;
  let state: Said[] = [...before];
  const edited: Edited[] = [];
  for (const old of before) {
    const wanted = after.find(({ id }) => id === old.id)?.text ?? '';
    if (wanted === old.text) continue;
    const place = locate(result, state, old.id);
    if (place.isExact) {
      result = wanted === '' ? without(result, place, language) : splice(result, place, wanted);
    } else {
      edited.push({ id: old.id, hand: result.slice(place.start, place.end).trim(), wanted });
    }
    state = wanted === '' ? state.filter(({ id }) => id !== old.id) : state.map((one) => (one.id === old.id ? { ...one, text: wanted } : one));
  }
  for (const [n, fresh] of after.entries()) {
    if (before.some(({ id }) => id === fresh.id)) continue;
    result = inserted(result, state, after, n, language);
    state = after.filter(({ id }) => id === fresh.id || state.some((one) => one.id === id));
  }
  return { text: result, edited };
}

/** The same for lines that are numbered when there are several. */
export function mergeLines(text: string, before: readonly Said[], after: readonly Said[], language: Language): Merged {
  const lines = text.split('\n');
  const wasNumbered = lines.length < 2 || lines.every((line) => line.trim() === '' || NUMBER.test(line));
  const bare = wasNumbered ? lines.map((line) => line.replace(NUMBER, '')).join('\n') : text;
  const merged = merge(bare, asLines(before), asLines(after), language);
  const kept = merged.text.split('\n').filter((line) => line.trim() !== '');
  return { ...merged, text: wasNumbered ? numbered(kept) : merged.text };
}

/** The hand-written sentence replaced by the template's. */
export function replaceEdited(text: string, said: readonly Said[], edited: Edited, language: Language): string {
  const at = edited.hand === '' ? -1 : text.indexOf(edited.hand);
  if (at < 0) {
    const n = said.findIndex(({ id }) => id === edited.id);
    return n < 0 ? text : inserted(text, said.filter(({ id }) => id !== edited.id), said, n, language);
  }
  const place = { start: at, end: at + edited.hand.length, isExact: true };
  return edited.wanted === '' ? without(text, place, language) : splice(text, place, edited.wanted);
}

/** Which sentences of the template are not in the text as it says them. */
export function changedByHand(text: string, said: readonly Said[]): string[] {
  return said.filter(({ id }) => !locate(text, said, id).isExact).map(({ id }) => id);
}

function asLines(said: readonly Said[]): Said[] {
  return said.map((one) => ({ ...one, paragraph: true }));
}

/** Where a sentence stands; one that was changed by hand is what stands between its neighbours. */
function locate(text: string, state: readonly Said[], id: string): Place {
  let cursor = 0;
  let isAfter = false;
  let start = 0;
  for (const one of state) {
    const at = text.indexOf(one.text, cursor);
    if (one.id === id) {
      if (at >= 0) return { start: at, end: at + one.text.length, isExact: true };
      [start, isAfter] = [cursor, true];
    } else if (at >= 0) {
      if (isAfter) return { start, end: at, isExact: false };
      cursor = at + one.text.length;
    }
  }
  return { start, end: text.length, isExact: false };
}

function splice(text: string, { start, end }: Place, words: string): string {
  return text.slice(0, start) + words + text.slice(end);
}

function without(text: string, { start, end }: Place, language: Language): string {
  const head = text.slice(0, start);
  const tail = text.slice(end);
  const beginsLine = head === '' || head.endsWith('\n');
  if (beginsLine && tail !== '' && !tail.startsWith('\n')) return head + tail.replace(/^ +/, '');
  if (beginsLine && head === '') return tail.replace(/^\n/, '');
  return (language === 'en' ? head.replace(/[ \n]$/, '') : head.replace(/\n$/, '')) + tail;
}

/** The text with `after[n]` behind the nearest sentence before it that is there, or before the nearest one after it. */
function inserted(text: string, state: readonly Said[], after: readonly Said[], n: number, language: Language): string {
  const fresh = after[n]!;
  const gap = fresh.paragraph ? '\n' : apart(language);
  const isThere = ({ id }: Said): boolean => state.some((one) => one.id === id) && locate(text, state, id).isExact;
  const previous = after.slice(0, n).findLast(isThere);
  if (previous !== undefined) {
    const { end } = locate(text, state, previous.id);
    return text.slice(0, end) + gap + fresh.text + text.slice(end);
  }
  const next = after.slice(n + 1).find(isThere);
  if (next === undefined) return text.trim() === '' ? fresh.text : text.trimEnd() + gap + fresh.text;
  const { start } = locate(text, state, next.id);
  return text.slice(0, start) + fresh.text + (next.paragraph ? '\n' : apart(language)) + text.slice(start);
}
