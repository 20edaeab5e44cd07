import type { Series, StudyDetail } from '../../api/types.ts';
import { priorsOf } from '../../reading/priors-once.ts';
import { api } from '../../session.ts';
import { Cell } from '../../store.ts';
import type { FrameStack } from '../frames.ts';
import { withSaved } from '../hanging/drafting.ts';
import type { Exam } from '../hanging/fitting.ts';
import { changeOwn, hanging, knownHanging } from '../hanging/known-hanging.ts';
import { matchingPriors } from '../hanging/priors.ts';
import { asksImages, hang, priorsShown, rulesOf, stepOf, stepsFor, type NamedStep } from '../hanging/protocols.ts';
import { seriesLookedInto, slotsOf, type Slot } from '../hanging/slots.ts';
import { unfitFor } from '../mpr/crosshair.ts';
import type { Unfit } from '../mpr/fitness.ts';
import { besidePrior } from './beside-prior.ts';
import type { DraggedSeries } from './dragged-series.ts';
import type { LayoutName } from './layouts.ts';
import { StackStore } from './stack-store.ts';
import { activeContent, content, EMPTY_STAGE, inPlanes, withActive, withContent, withLayout, type Stage } from './stage.ts';

/** Decides which images stand in which cells of the stage: by protocol when a study is opened, then as the reader wants. */
export class Director {
  readonly stage = new Cell<Stage>(EMPTY_STAGE);
  /** Steps of rules that fit the study, those of all others, and the one that it hangs by; none once the reader has arranged it himself. */
  readonly steps = new Cell<readonly NamedStep[]>([]);
  readonly others = new Cell<readonly NamedStep[]>([]);
  readonly hung = new Cell<NamedStep | null>(null);
  /** The earlier studies beside this one that are opened, the latest first. */
  readonly priors = new Cell<readonly StudyDetail[]>([]);
  stacks = new StackStore();
  #study!: StudyDetail;
  #touched = false;
  /** Counts what was asked for, so that what comes late does not undo what came after it. */
  #order = 0;
  #before: Stage | null = null;
  #last: NamedStep | null = null;
  /** The earlier studies to compare with, the latest first. */
  #priorUids: Promise<readonly string[]> = Promise.resolve([]);
  #known = new Map<string, FrameStack>();

  get study(): StudyDetail {
    return this.#study;
  }

  /** `protocols`: for readers; others see the first series. */
  open(study: StudyDetail, protocols: boolean): void {
    this.stacks = new StackStore();
    this.#study = study;
    this.#touched = false;
    this.#order += 1;
    this.#before = null;
    this.#known = new Map();
    this.#last = null;
    this.steps.set([]);
    this.others.set([]);
    this.hung.set(null);
    this.priors.set([]);
    const first = study.series_list.find(({ kind }) => kind !== 'document') ?? study.series_list[0];
    this.stage.set(withContent(EMPTY_STAGE, 0, first === undefined ? null : content(study, first)));
    this.#priorUids = protocols ? priorsTo(study) : Promise.resolve([]);
    if (protocols && first?.kind === 'image') void this.#hangAll(study);
  }

  /** The same study as it is now: more images may have come. */
  refresh(study: StudyDetail): void {
    this.#study = study;
  }

  put(stage: Stage): void {
    this.stage.set(stage);
  }

  pick({ study: uid, series: seriesUid }: DraggedSeries, cell: number): void {
    const study = this.priors.value.find(({ study_instance_uid }) => study_instance_uid === uid) ?? this.#study;
    const series = study.series_list.find(({ series_instance_uid }) => series_instance_uid === seriesUid);
    if (series === undefined) return;
    this.#arranged(withContent(withActive(this.stage.value, cell), cell, content(study, series, { isPrior: study !== this.#study })));
  }

  /** An image of a series of the study in the active cell. */
  show(series: Series, start: number): void {
    const shown = activeContent(this.stage.value);
    const { active } = this.stage.value;
    const isPrior = shown?.isPrior ?? false;
    this.#arranged(withContent(this.stage.value, active, content(shown?.study ?? this.#study, series, { isPrior, start })));
  }

  arrange(layout: LayoutName): void {
    const waiting = this.#slots(this.#study).map(({ study, series, start }) => content(study, series, { start }));
    this.#arranged(withLayout(this.stage.value, layout, waiting));
  }

  /** The next series of the study in the active cell. */
  stepSeries(by: number): void {
    const shown = activeContent(this.stage.value);
    const study = shown?.study ?? this.#study;
    const uids = study.series_list.map(({ series_instance_uid }) => series_instance_uid);
    const next: Series | undefined = study.series_list[uids.indexOf(shown?.series.series_instance_uid ?? '') + by];
    if (next === undefined) return;
    const isPrior = shown?.isPrior ?? false;
    this.#arranged(withContent(this.stage.value, this.stage.value.active, content(study, next, { isPrior })));
  }

  /** Three planes through the active series, or back; why not, where its images do not allow it. */
  async cut(): Promise<Unfit | null> {
    const shown = activeContent(this.stage.value);
    if (shown?.series.kind !== 'image') return null;
    if (shown.plane !== null) {
      this.#arranged(withContent(EMPTY_STAGE, 0, { ...shown, plane: null }));
      return null;
    }
    const unfit = unfitFor(await this.stacks.stackOf(shown.study.study_instance_uid, shown.series.series_instance_uid));
    if (unfit === null) this.#arranged(inPlanes(shown));
    return unfit;
  }

  /** The matching earlier study beside what is shown, or away again; `false` when there is none. */
  async compare(): Promise<boolean> {
    const stage = this.stage.value;
    if (stage.cells.some((shown) => shown?.isPrior)) {
      this.#arranged(this.#before ?? withLayout(withContent(stage, 0, stage.cells.find((shown) => shown?.isPrior === false) ?? null), '1x1'));
      this.#before = null;
      return true;
    }
    const prior = await this.#openPrior(1);
    if (prior === null) return false;
    this.#before = stage;
    this.#arranged(besidePrior(stage, this.#slots(this.#study), slotsOf(prior, await this.#views(prior))));
    return true;
  }

  /** Hangs the images by a step; those that their images do not allow say why. */
  async hang(chosen: NamedStep): Promise<Unfit | null> {
    this.#touched = true;
    const unfit = await this.#hang(chosen);
    if (unfit === null && this.hung.value === chosen) this.stage.set(withWindows(this.stage.value));
    return unfit;
  }

  /** The step after the one that was hung last, of those that fit. */
  get next(): NamedStep | null {
    const steps = this.steps.value;
    return steps[(steps.findIndex(({ key }) => key === this.#last?.key) + 1) % Math.max(1, steps.length)] ?? null;
  }

  /** The step that was hung last, to be hung again after the reader has arranged things. */
  get last(): NamedStep | null {
    return this.#last ?? this.steps.value[0] ?? null;
  }

  async #hang(chosen: NamedStep): Promise<Unfit | null> {
    this.#order += 1;
    const order = this.#order;
    if (asksImages(chosen.step)) await this.#views(this.#study, true);
    const priors = await this.#slotsOfPriors(chosen.step);
    const stage = hang(chosen.step, this.#slots(this.#study), priors);
    const unfit = await this.#unfit(stage);
    if (order !== this.#order) return null;
    this.#last = chosen;
    if (unfit !== null) return unfit;
    this.hung.set(chosen);
    this.stage.set(stage);
    return null;
  }

  /** By the number of the earlier study less one. */
  async #slotsOfPriors(step: NamedStep['step']): Promise<Slot[][]> {
    const slots: Slot[][] = [];
    for (const number of priorsShown(step)) {
      const prior = await this.#openPrior(number);
      if (prior !== null) slots[number - 1] = slotsOf(prior, await this.#views(prior, asksImages(step)));
    }
    return slots;
  }

  /** Keeps the stage as a rule of the reader's for exams like this one. */
  async save(name: string): Promise<void> {
    const priors = this.priors.value;
    const before = await Promise.all(priors.map(async (prior) => slotsOf(prior, await this.#views(prior))));
    const uids = await this.#priorUids;
    const ranked = uids.map((uid) => priors.find((one) => one.study_instance_uid === uid) ?? ({ study_instance_uid: uid } as StudyDetail));
    const step = stepOf(this.stage.value, [...this.#slots(this.#study), ...before.flat()], ranked);
    await changeOwn((own) => withSaved(own, this.#study, step, name));
    this.#list(uids.length > 0);
    const saved = this.steps.value.find((one) => one.rule.owner === 'own' && JSON.stringify(one.step) === JSON.stringify(step)) ?? null;
    this.#last = saved;
    this.hung.set(saved);
  }

  /** Deletes one of the reader's rules, and hangs by what fits then. */
  async forget(key: string): Promise<void> {
    await changeOwn((own) => own.filter((rule) => rule.key !== key));
    await this.relist();
    const first = this.steps.value[0];
    if (first !== undefined) await this.hang(first);
  }

  /** The rules have changed: which of them fit is looked at again, nothing is hung anew. */
  async relist(): Promise<void> {
    const { stacks } = this;
    const uids = await this.#priorUids;
    if (stacks === this.stacks) this.#list(uids.length > 0);
  }

  /** What rules are chosen by. */
  async exam(): Promise<Exam> {
    return this.#exam((await this.#priorUids).length > 0);
  }

  #arranged(stage: Stage): void {
    this.#touched = true;
    this.#order += 1;
    this.hung.set(null);
    this.stage.set(stage);
  }

  #slots(study: StudyDetail): Slot[] {
    return slotsOf(study, this.#known);
  }

  /** At once by what the list of series says, again when views are known, and again when it is known what there was before. */
  async #hangAll(study: StudyDetail): Promise<void> {
    const { stacks } = this;
    const again = async (hasPrior: boolean): Promise<void> => {
      if (stacks !== this.stacks || this.#touched) return;
      this.#list(hasPrior);
      for (const step of this.steps.value) {
        if ((await this.#hang(step)) === null || this.#touched) return;
      }
    };
    await knownHanging();
    await again(false);
    await this.#views(study);
    await again(false);
    if ((await this.#priorUids).length > 0) await again(true);
  }

  #exam(hasPrior: boolean): Exam {
    return { study: this.#study, slots: this.#slots(this.#study), hasPrior };
  }

  #list(hasPrior: boolean): void {
    if (hanging.value === null) return;
    const { fitting, others } = stepsFor(rulesOf(hanging.value), this.#exam(hasPrior));
    this.steps.set(fitting);
    this.others.set(others);
  }

  /** Stacks of series of pictures, whose views and sides are in the images alone; of all series where a rule asks for more. */
  async #views(study: StudyDetail, all = false): Promise<ReadonlyMap<string, FrameStack>> {
    const stacks = this.stacks;
    await Promise.all(
      seriesLookedInto(study, all).map(async ({ series_instance_uid: uid }) => {
        const stack = await stacks.stackOf(study.study_instance_uid, uid).catch(() => null);
        if (stack !== null && stacks === this.stacks) this.#known.set(uid, stack);
      }),
    );
    return this.#known;
  }

  /** The earlier study of that number, 1 for the latest. */
  async #openPrior(number: number): Promise<StudyDetail | null> {
    const { stacks } = this;
    const uids = await this.#priorUids;
    const uid = uids[number - 1];
    const known = this.priors.value.find(({ study_instance_uid }) => study_instance_uid === uid) ?? null;
    if (uid === undefined || known !== null) return known;
    const prior = await api.study(uid).catch(() => null);
    if (stacks !== this.stacks || prior === null) return null;
    const opened = [...this.priors.value.filter(({ study_instance_uid }) => study_instance_uid !== uid), prior];
    this.priors.set(uids.flatMap((one) => opened.filter(({ study_instance_uid }) => study_instance_uid === one)));
    return prior;
  }

  async #unfit(stage: Stage): Promise<Unfit | null> {
    const cut = stage.cells.find((shown) => shown !== null && shown.plane !== null);
    if (cut == null) return null;
    return unfitFor(await this.stacks.stackOf(cut.study.study_instance_uid, cut.series.series_instance_uid));
  }
}

/** Cells take up their windows again, also where they have shown the same images before. */
function withWindows(stage: Stage): Stage {
  return { ...stage, cells: stage.cells.map((shown) => (shown?.voi == null ? shown : { ...shown, voi: { ...shown.voi } })) };
}

async function priorsTo(study: StudyDetail): Promise<readonly string[]> {
  return matchingPriors(study, await priorsOf(study.study_instance_uid)).map(({ study_instance_uid }) => study_instance_uid);
}
