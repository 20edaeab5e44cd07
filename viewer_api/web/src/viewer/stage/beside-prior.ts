import type { Slot } from '../hanging/slots.ts';
import { activeContent, content, type CellContent, type Stage } from './stage.ts';

/** What is shown with its counterparts of before: one or two cells with theirs beside or below, else the active one with its. */
export function besidePrior(stage: Stage, current: readonly Slot[], prior: readonly Slot[]): Stage {
  const shown = stage.cells.filter((cell) => cell !== null && cell.plane === null);
  const active = activeContent(stage);
  const kept = shown.length === 2 ? shown : [active?.plane === null ? active : (shown[0] ?? active)];
  const cells = kept.map((cell) => (cell === null || cell === undefined ? null : { ...cell, plane: null }));
  const before = cells.map((cell) => (cell === null ? null : counterpart(cell, current, prior)));
  return { layout: cells.length === 2 ? '2x2' : '1x2', cells: [...cells, ...before], active: 0, enlarged: false };
}

/** Of the earlier study what is most like it: the same view and side, the same words, the same place in the study. */
export function counterpart(shown: CellContent, current: readonly Slot[], prior: readonly Slot[]): CellContent | null {
  const own = current.find(({ series, start }) => series.series_instance_uid === shown.series.series_instance_uid && start === shown.start) ?? null;
  const best = prior.reduce<{ slot: Slot; score: number } | null>((top, slot) => {
    const score = likeness(shown, own, slot);
    return top === null || score > top.score ? { slot, score } : top;
  }, null);
  return best === null ? null : content(best.slot.study, best.slot.series, { isPrior: true, start: best.slot.start, voi: shown.voi });
}

function likeness({ series }: CellContent, own: Slot | null, slot: Slot): number {
  const same = (a: string, b: string, worth: number): number => (a !== '' && a.toUpperCase() === b.toUpperCase() ? worth : 0);
  return (
    same(own?.view ?? '', slot.view, 8) +
    same(own?.laterality ?? '', slot.laterality, 8) +
    same(series.description, slot.series.description, 4) +
    same(series.modality, slot.series.modality, 2) +
    (own?.at === slot.at && own.start === slot.start ? 1 : 0)
  );
}
