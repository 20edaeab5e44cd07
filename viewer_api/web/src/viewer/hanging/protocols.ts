import type { StudyDetail } from '../../api/types.ts';
import { cellsOf } from '../stage/layouts.ts';
import { content, EMPTY_STAGE, type CellContent, type Stage } from '../stage/stage.ts';
import type { Condition, Hanging, HangingCell, HangingStep } from './hanging-api.ts';
import type { Slot } from './slots.ts';

/** What a protocol is chosen by. */
export interface Exam {
  study: StudyDetail;
  slots: readonly Slot[];
  hasPrior: boolean;
}

/** A step with the protocol that it is of; `own` for the reader's. */
export interface NamedStep {
  key: string;
  zh: string;
  en: string;
  own: number | null;
  step: HangingStep;
}

/** All steps that fit, in the order in which a key goes through them: the reader's own first, then the county's. */
export function stepsFor({ own, protocols }: Hanging, exam: Exam): NamedStep[] {
  const mine = own
    .filter(({ modality, body_part }) => modality === exam.study.modality && body_part === bodyPartOf(exam.study))
    .map(({ id, step }) => ({ key: `own-${id}`, zh: '我的布局', en: 'My layout', own: id, step }));
  const county = protocols
    .filter(({ when }) => fits(when, exam))
    .flatMap(({ key, zh, en, steps }) => steps.map((step, at) => ({ key: `${key}-${at}`, zh, en, own: null, step })));
  return [...mine, ...county];
}

/** As a reader's own layouts are kept by. */
export function bodyPartOf(study: StudyDetail): string {
  const parts = [study.body_part, ...study.series_list.map(({ body_part }) => body_part)];
  return (parts.find((part) => part.trim() !== '') ?? '').trim().toUpperCase();
}

export function fits(when: Condition, { study, slots, hasPrior }: Exam): boolean {
  const said = [study.description, study.body_part, ...study.series_list.flatMap((one) => [one.body_part, one.description])];
  const text = said.join('\n').toUpperCase();
  const views = new Set(slots.map(({ view }) => view));
  return (
    (when.modalities.length === 0 || when.modalities.includes(study.modality)) &&
    (when.words.length === 0 || when.words.some((word) => text.includes(word.toUpperCase()))) &&
    when.views.every((view) => views.has(view.toUpperCase())) &&
    (when.laterality === '' || slots.some(({ laterality }) => laterality === when.laterality)) &&
    slots.length >= when.least &&
    (when.most === null || slots.length <= when.most) &&
    (when.prior === null || when.prior === hasPrior)
  );
}

/** The cells of a step: those that ask for something particular choose first, the others take what is left in its order. */
export function hang(step: HangingStep, current: readonly Slot[], prior: readonly Slot[]): Stage {
  const wanted = Array.from({ length: cellsOf(step.layout) }, (_, at) => step.cells[at] ?? ANY);
  const used = new Set<Slot>();
  const chosen: (Slot | null)[] = wanted.map(() => null);
  for (const pass of [isParticular, (cell: HangingCell): boolean => !isParticular(cell)]) {
    wanted.forEach((cell, at) => {
      if (chosen[at] !== null || !pass(cell)) return;
      chosen[at] = choose(cell, cell.source === 'prior' ? prior : current, used);
    });
  }
  const isCut = wanted.some(({ plane }) => plane !== null);
  const left = (cell: HangingCell): Slot | null => (cell.source === 'prior' ? prior : current).find((slot) => !used.has(slot)) ?? null;
  const cells = wanted.map((cell, at) => {
    const offered = cell.source === 'prior' ? prior : current;
    const slot = chosen[at] ?? (cell.plane === null ? left(cell) : null) ?? (isCut ? largest(offered) : null);
    if (slot !== null) used.add(slot);
    return slot === null ? null : contentOf(cell, slot);
  });
  return { ...EMPTY_STAGE, layout: step.layout, cells };
}

/** Planes are cut out of the series with the most images; a scout has none to cut. */
function largest(slots: readonly Slot[]): Slot | null {
  return slots.reduce<Slot | null>((most, slot) => (most === null || slot.series.instances > most.series.instances ? slot : most), null);
}

export const ANY: HangingCell = { source: 'current', series: null, view: '', laterality: '', words: [], plane: null, window: null };

function contentOf(cell: HangingCell, { study, series, start }: Slot): CellContent {
  return content(study, series, { isPrior: cell.source === 'prior', start, plane: cell.plane, voi: cell.window });
}

function isParticular({ series, view, laterality, words }: HangingCell): boolean {
  return series !== null || view !== '' || laterality !== '' || words.length > 0;
}

/** One series may be hung several times where it is asked for by its number; pictures and words are used once. */
function choose(cell: HangingCell, slots: readonly Slot[], used: Set<Slot>): Slot | null {
  const free = slots.filter((slot) => cell.series !== null || !used.has(slot));
  const found = free.map((slot) => ({ slot, score: scoreOf(cell, slot) })).filter(({ score }) => score > 0);
  const best = found.reduce<(typeof found)[number] | null>((top, next) => (top === null || next.score > top.score ? next : top), null);
  if (best !== null) used.add(best.slot);
  return best?.slot ?? null;
}

function scoreOf(cell: HangingCell, slot: Slot): number {
  if (cell.series !== null && cell.series !== slot.at) return 0;
  if (cell.laterality !== '' && slot.laterality !== '' && cell.laterality !== slot.laterality) return 0;
  const byView = cell.view !== '' && slot.view === cell.view.toUpperCase() ? 4 : 0;
  const byWords = cell.words.some((word) => isSaid(word, slot)) ? 2 : 0;
  const bySide = cell.laterality !== '' && cell.laterality === slot.laterality ? 1 : 0;
  return byView + byWords + bySide + (cell.series === null ? 0 : 1);
}

/** Latin abbreviations stand as words of their own; other words anywhere in the description, or as the view. */
function isSaid(word: string, { series, view }: Slot): boolean {
  const [wanted, text] = [word.toUpperCase(), series.description.toUpperCase()];
  if (view === wanted) return true;
  return /^[A-Z]+$/.test(wanted) ? text.split(/[^A-Z]+/).some((said) => said === wanted || (wanted.length > 2 && said.startsWith(wanted))) : text.includes(wanted);
}

/** A stage as a step that gives it again for other exams like it. */
export function stepOf(stage: Stage, slots: readonly Slot[]): HangingStep {
  const cells = stage.cells.map((shown): HangingCell => {
    if (shown === null) return ANY;
    const slot = slots.find(({ series, start }) => series.series_instance_uid === shown.series.series_instance_uid && start === shown.start);
    const words = shown.series.description.trim() === '' || (slot?.view ?? '') !== '' ? [] : [shown.series.description.trim().slice(0, 64)];
    return {
      source: shown.isPrior ? 'prior' : 'current',
      series: null,
      view: slot?.view ?? '',
      laterality: slot?.laterality === 'L' || slot?.laterality === 'R' ? slot.laterality : '',
      words,
      plane: shown.plane,
      window: shown.voi,
    };
  });
  return { layout: stage.layout, cells };
}
