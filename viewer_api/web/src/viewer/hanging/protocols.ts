import type { StudyDetail } from '../../api/types.ts';
import { cellsOf } from '../stage/layouts.ts';
import { content, EMPTY_STAGE, type CellContent, type Stage } from '../stage/stage.ts';
import { fits, type Exam } from './fitting.ts';
import type { HangingCell, HangingStep, Protocol, Side } from './hanging-api.ts';
import type { Slot } from './slots.ts';

/** Whose a rule is: the reader's, the reader's in place of one of the county's, or the county's. */
export type Owner = 'own' | 'instead' | 'county';

export interface Rule {
  protocol: Protocol;
  owner: Owner;
}

/** A step with the rule that it is of. */
export interface NamedStep {
  /** Names it among all steps. */
  key: string;
  rule: Rule;
  /** Among the steps of its rule, from 0. */
  at: number;
  step: HangingStep;
}

interface KeptRules {
  protocols: readonly Protocol[];
  own: { protocols: readonly Protocol[] };
}

/** All rules in the order in which they are asked: the reader's, then the county's, some of which the reader's stand for. */
export function rulesOf({ own, protocols }: KeptRules): Rule[] {
  const ofCounty = new Set(protocols.map(({ key }) => key));
  const mine = new Map(own.protocols.map((protocol) => [protocol.key, protocol]));
  return [
    ...own.protocols.filter(({ key }) => !ofCounty.has(key)).map((protocol): Rule => ({ protocol, owner: 'own' })),
    ...protocols.map((protocol): Rule => {
      const instead = mine.get(protocol.key);
      return instead === undefined ? { protocol, owner: 'county' } : { protocol: instead, owner: 'instead' };
    }),
  ];
}

export function stepsOf(rule: Rule): NamedStep[] {
  return rule.protocol.steps.map((step, at) => ({ key: `${rule.protocol.key}-${at}`, rule, at, step }));
}

/** All steps that fit, in the order in which a key goes through them, and apart from them all others. */
export function stepsFor(rules: readonly Rule[], exam: Exam): { fitting: NamedStep[]; others: NamedStep[] } {
  const fitting = rules.filter(({ protocol }) => fits(protocol.when, exam));
  return { fitting: fitting.flatMap(stepsOf), others: rules.filter((rule) => !fitting.includes(rule)).flatMap(stepsOf) };
}

/** Whether the step asks for what only the images themselves say. */
export function asksImages({ cells }: HangingStep): boolean {
  return cells.some(({ orientation, phase }) => orientation !== '' || phase !== null);
}

/** Which earlier studies the step shows, 1 for the latest. */
export function priorsShown({ cells }: HangingStep): number[] {
  return [...new Set(cells.filter(({ source }) => source === 'prior').map(({ prior }) => prior))];
}

/** The cells of a step with what they show. `priors` are what the earlier studies of the same kind offer, the latest first. */
export function hang(step: HangingStep, current: readonly Slot[], priors: readonly (readonly Slot[])[]): Stage {
  const cells = allot(step, current, priors).map(({ cell, slot }) => (slot === null ? null : contentOf(cell, slot)));
  return { ...EMPTY_STAGE, layout: step.layout, cells };
}

/** What a cell is given; `isFound` unless it asked for something particular that is not there. */
export interface Allotted {
  cell: HangingCell;
  slot: Slot | null;
  isFound: boolean;
}

/** Cells that ask for something particular choose first, the others take what is left in its order. */
export function allot(step: HangingStep, current: readonly Slot[], priors: readonly (readonly Slot[])[]): Allotted[] {
  const wanted = Array.from({ length: cellsOf(step.layout) }, (_, at) => step.cells[at] ?? ANY);
  const offered = (cell: HangingCell): readonly Slot[] => (cell.source === 'prior' ? (priors[cell.prior - 1] ?? []) : current);
  const used = new Set<Slot>();
  const chosen = wanted.map((cell) => (isParticular(cell) ? choose(cell, offered(cell), used) : null));
  const isCut = wanted.some(({ plane }) => plane !== null);
  return wanted.map((cell, at) => {
    const left = cell.plane === null ? (offered(cell).find((slot) => !used.has(slot)) ?? null) : null;
    const slot = chosen[at] ?? left ?? (isCut ? largest(offered(cell)) : null);
    if (slot !== null) used.add(slot);
    return { cell, slot, isFound: chosen[at] !== null || !isParticular(cell) };
  });
}

/** Planes are cut out of the series with the most images; a scout has none to cut. */
function largest(slots: readonly Slot[]): Slot | null {
  return slots.reduce<Slot | null>((most, slot) => (most === null || slot.series.instances > most.series.instances ? slot : most), null);
}

export const ANY: HangingCell = {
  source: 'current',
  prior: 1,
  modality: '',
  series: null,
  view: '',
  laterality: '',
  orientation: '',
  words: [],
  phase: null,
  plane: null,
  window: null,
  group: '',
};

function contentOf(cell: HangingCell, { study, series, start }: Slot): CellContent {
  return content(study, series, { isPrior: cell.source === 'prior', start, plane: cell.plane, voi: cell.window, group: cell.group });
}

function isParticular({ modality, series, view, laterality, orientation, words, phase }: HangingCell): boolean {
  return series !== null || phase !== null || words.length > 0 || [modality, view, laterality, orientation].some((asked) => asked !== '');
}

/** One series may be hung several times where it is asked for by number or phase; pictures and words are used once. */
function choose(cell: HangingCell, slots: readonly Slot[], used: Set<Slot>): Slot | null {
  const isCounted = cell.series !== null || cell.phase !== null;
  const found = slots
    .filter((slot) => (isCounted || !used.has(slot)) && isAsSaid(cell, slot))
    .map((slot) => ({ slot, score: scoreOf(cell, slot) }))
    .filter(({ score }) => score > 0);
  const best = cell.phase === null ? strongest(found) : (found.map(({ slot }) => slot).sort(inTime)[cell.phase - 1] ?? null);
  if (best !== null) used.add(best);
  return best;
}

function strongest(found: readonly { slot: Slot; score: number }[]): Slot | null {
  const best = found.reduce<(typeof found)[number] | null>((top, next) => (top === null || next.score > top.score ? next : top), null);
  return best?.slot ?? null;
}

/** As they were taken; where that is not known, as the modality numbered them. */
function inTime(one: Slot, other: Slot): number {
  const isTimed = one.taken !== '' && other.taken !== '';
  return (isTimed ? one.taken.localeCompare(other.taken) : 0) || (one.series.number ?? 0) - (other.series.number ?? 0) || one.at - other.at || one.start - other.start;
}

/** What must be as the cell says; a side that images do not tell may be either. */
function isAsSaid({ modality, series, laterality, orientation }: HangingCell, slot: Slot): boolean {
  return (
    (series === null || series === slot.at) &&
    (modality === '' || modality === slot.series.modality) &&
    (orientation === '' || orientation === slot.orientation) &&
    (laterality === '' || slot.laterality === '' || laterality === slot.laterality)
  );
}

/** Of view and words one must be found; 0 where none is. */
function scoreOf(cell: HangingCell, slot: Slot): number {
  const byView = cell.view !== '' && slot.view === cell.view.toUpperCase() ? 4 : 0;
  const byWords = cell.words.some((word) => isSaid(word, slot)) ? 2 : 0;
  const isNamed = cell.view !== '' || cell.words.length > 0;
  if (isNamed && byView + byWords === 0) return 0;
  return 1 + byView + byWords + (cell.laterality !== '' && cell.laterality === slot.laterality ? 1 : 0);
}

/** Latin abbreviations stand as words of their own; other words anywhere in the description, or as the view. */
function isSaid(word: string, { series, view }: Slot): boolean {
  const [wanted, text] = [word.toUpperCase(), series.description.toUpperCase()];
  if (view === wanted) return true;
  return /^[A-Z]+$/.test(wanted) ? text.split(/[^A-Z]+/).some((said) => said === wanted || (wanted.length > 2 && said.startsWith(wanted))) : text.includes(wanted);
}

/** A stage as a step that gives it again for other exams like it; `priors` are the earlier studies, the latest first. */
export function stepOf(stage: Stage, slots: readonly Slot[], priors: readonly StudyDetail[] = []): HangingStep {
  const cells = stage.cells.map((shown): HangingCell => {
    if (shown === null) return ANY;
    const slot = slots.find(({ series, start }) => series.series_instance_uid === shown.series.series_instance_uid && start === shown.start);
    const description = shown.series.description.trim().slice(0, 64);
    return {
      ...ANY,
      source: shown.isPrior ? 'prior' : 'current',
      prior: Math.max(1, 1 + priors.findIndex(({ study_instance_uid: uid }) => uid === shown.study.study_instance_uid)),
      view: slot?.view ?? '',
      laterality: sideOf(slot?.laterality),
      words: description === '' || (slot?.view ?? '') !== '' ? [] : [description],
      plane: shown.plane,
      window: shown.voi,
      group: shown.plane === null ? (shown.group as HangingCell['group']) : '',
    };
  });
  return { layout: stage.layout, cells: cells.map((cell) => (isAlone(cell, cells) ? { ...cell, group: '' } : cell)) };
}

function isAlone({ group }: HangingCell, cells: readonly HangingCell[]): boolean {
  return cells.filter((other) => other.group === group).length === 1;
}

function sideOf(laterality: string | undefined): Side {
  return laterality === 'L' || laterality === 'R' ? laterality : '';
}
