import type { StudyDetail } from '../../api/types.ts';
import { cellsOf, type LayoutName } from '../stage/layouts.ts';
import { bodyPartOf } from './fitting.ts';
import type { Condition, HangingCell, HangingStep, Protocol } from './hanging-api.ts';
import { ANY } from './protocols.ts';

export const EVERY_EXAM: Condition = { modalities: [], body_parts: [], words: [], views: [], laterality: '', least: 0, most: null, prior: null };
export const ONE_CELL: HangingStep = { layout: '1x1', cells: [] };
const LONGEST_NAME = 80;

/** A rule as people have written it, with all that it leaves out. */
export function whole(said: SaidRule): Protocol {
  const steps = said.steps.map(({ layout, cells = [] }) => ({ layout, cells: cells.map((cell) => ({ ...ANY, ...cell })) }));
  return { key: said.key, zh: said.zh, en: said.en ?? '', when: { ...EVERY_EXAM, ...said.when }, steps };
}

export interface SaidRule extends Pick<Protocol, 'key' | 'zh'> {
  en?: string;
  when?: Partial<Condition>;
  steps: readonly { layout: LayoutName; cells?: readonly Partial<HangingCell>[] }[];
}

/** A key that no other rule has. */
export function freshKey(taken: readonly Protocol[]): string {
  const known = new Set(taken.map(({ key }) => key));
  let key = '';
  do key = `own-${Math.random().toString(36).slice(2, 10)}`;
  while (known.has(key));
  return key;
}

export function newRule(taken: readonly Protocol[], name: string): Protocol {
  return { key: freshKey(taken), zh: name, en: '', when: EVERY_EXAM, steps: [ONE_CELL] };
}

/** The same under a key of its own, with a name that tells them apart. */
export function duplicate(rule: Protocol, taken: readonly Protocol[], suffix: string): Protocol {
  const named = (name: string): string => (name === '' ? '' : `${name.slice(0, LONGEST_NAME - suffix.length)}${suffix}`);
  return { ...rule, key: freshKey(taken), zh: named(rule.zh), en: named(rule.en) };
}

/** The list with one item elsewhere; out of range stays at the end. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, at) => at !== from);
  const item = items[from];
  const place = Math.max(0, Math.min(to, rest.length));
  return item === undefined ? [...items] : [...rest.slice(0, place), item, ...rest.slice(place)];
}

export function replaced<T>(items: readonly T[], at: number, item: T): T[] {
  return items.map((before, place) => (place === at ? item : before));
}

/** All cells of a step, those that it does not name too. */
export function allCells({ layout, cells }: HangingStep): HangingCell[] {
  return Array.from({ length: cellsOf(layout) }, (_, at) => cells[at] ?? ANY);
}

/** Another layout; what there is no room for is dropped. */
export function relaid(step: HangingStep, layout: LayoutName): HangingStep {
  return { layout, cells: step.cells.slice(0, cellsOf(layout)) };
}

export function withCell(step: HangingStep, at: number, cell: HangingCell): HangingStep {
  return { ...step, cells: replaced(allCells(step), at, cell) };
}

/**
 * The own rules with one that hangs exams of this modality and part of the body by this step, in place of the one saved
 * before. It stands first; where the exam names no part of the body, before the first rule that asks for none either.
 */
export function withSaved(own: readonly Protocol[], study: StudyDetail, step: HangingStep, name: string): Protocol[] {
  const part = bodyPartOf(study);
  const when: Condition = { ...EVERY_EXAM, modalities: [study.modality], body_parts: part === '' ? [] : [part] };
  const before = own.findIndex((rule) => isSame(rule.when, when));
  if (before >= 0) return replaced(own, before, { ...own[before]!, steps: [step] });
  const rule: Protocol = { key: freshKey(own), zh: name.slice(0, LONGEST_NAME), en: '', when, steps: [step] };
  const general = own.findIndex(({ when: { body_parts, words } }) => body_parts.length === 0 && words.length === 0);
  return moved([...own, rule], own.length, part !== '' ? 0 : general >= 0 ? general : own.length);
}

function isSame(one: Condition, other: Condition): boolean {
  const said = ({ modalities, body_parts, words, views, laterality, least, most, prior }: Condition): string =>
    JSON.stringify([modalities, body_parts, words, views, laterality, least, most, prior]);
  return said(one) === said(other);
}
