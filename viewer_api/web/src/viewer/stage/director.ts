import type { Series, StudyDetail } from '../../api/types.ts';
import { priorsOf } from '../../reading/priors-once.ts';
import { api, hangings } from '../../session.ts';
import { Cell } from '../../store.ts';
import type { FrameStack } from '../frames.ts';
import type { Hanging } from '../hanging/hanging-api.ts';
import { matchingPrior } from '../hanging/priors.ts';
import { bodyPartOf, hang, stepOf, stepsFor, type NamedStep } from '../hanging/protocols.ts';
import { isOfPictures, slotsOf, type Slot } from '../hanging/slots.ts';
import { unfitFor } from '../mpr/crosshair.ts';
import type { Unfit } from '../mpr/fitness.ts';
import { besidePrior } from './beside-prior.ts';
import type { DraggedSeries } from './dragged-series.ts';
import type { LayoutName } from './layouts.ts';
import { StackStore } from './stack-store.ts';
import { activeContent, content, EMPTY_STAGE, inPlanes, withActive, withContent, withLayout, type Stage } from './stage.ts';

/** Series whose images are looked through for views before they are hung: of more nobody would wait. */
const MOST_SERIES = 12;

/** The protocols as the server told them last; they change seldom. */
const hanging = new Cell<Hanging | null>(null);

/** Decides which images stand in which cells of the stage: by protocol when a study is opened, then as the reader wants. */
export class Director {
  readonly stage = new Cell<Stage>(EMPTY_STAGE);
  /** Steps of protocols that fit the study, and the one that it hangs by; -1 once the reader has arranged it himself. */
  readonly steps = new Cell<readonly NamedStep[]>([]);
  readonly step = new Cell(-1);
  /** The earlier study beside this one, once it is opened. */
  readonly prior = new Cell<StudyDetail | null>(null);
  stacks = new StackStore();
  #study!: StudyDetail;
  #touched = false;
  #before: Stage | null = null;
  #priorUid: Promise<string | null> = Promise.resolve(null);
  #known = new Map<string, FrameStack>();

  /** `protocols`: for readers; others see the first series. */
  open(study: StudyDetail, protocols: boolean): void {
    this.stacks = new StackStore();
    this.#study = study;
    this.#touched = false;
    this.#before = null;
    this.#known = new Map();
    this.steps.set([]);
    this.step.set(-1);
    this.prior.set(null);
    const first = study.series_list.find(({ kind }) => kind !== 'document') ?? study.series_list[0];
    this.stage.set(withContent(EMPTY_STAGE, 0, first === undefined ? null : content(study, first)));
    this.#priorUid = protocols ? priorOf(study) : Promise.resolve(null);
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
    const study = uid === this.prior.value?.study_instance_uid ? this.prior.value : this.#study;
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
    const prior = await this.#openPrior();
    if (prior === null) return false;
    this.#before = stage;
    this.#arranged(besidePrior(stage, this.#slots(this.#study), slotsOf(prior, await this.#views(prior))));
    return true;
  }

  /** Hangs the images by one of the steps; those that their images do not allow say why. */
  async hang(index: number): Promise<Unfit | null> {
    const chosen = this.steps.value[index];
    if (chosen === undefined) return null;
    const { stacks } = this;
    const isBeside = chosen.step.cells.some(({ source }) => source === 'prior');
    const prior = isBeside ? await this.#openPrior() : null;
    const slots = prior === null ? [] : slotsOf(prior, await this.#views(prior));
    const stage = hang(chosen.step, this.#slots(this.#study), slots);
    const unfit = await this.#unfit(stage);
    if (stacks !== this.stacks) return null;
    this.step.set(index);
    if (unfit === null) this.stage.set(stage);
    return unfit;
  }

  /** Keeps the stage for exams like this one. */
  async save(): Promise<void> {
    const prior = this.prior.value;
    const slots = [...this.#slots(this.#study), ...(prior === null ? [] : slotsOf(prior, await this.#views(prior)))];
    hanging.set(await hangings.save(this.#study.modality, bodyPartOf(this.#study), stepOf(this.stage.value, slots)));
    this.#list(prior !== null);
    this.step.set(0);
  }

  /** Goes back to the county's protocol for exams like this one. */
  async forget(own: number): Promise<void> {
    hanging.set(await hangings.remove(own));
    this.#list((await this.#priorUid) !== null);
    await this.hang(0);
  }

  #arranged(stage: Stage): void {
    this.#touched = true;
    this.step.set(-1);
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
      await this.hang(0);
    };
    if (hanging.value === null) hanging.set(await hangings.show().catch(() => null));
    await again(false);
    await this.#views(study);
    await again(false);
    if ((await this.#priorUid) !== null) await again(true);
  }

  #list(hasPrior: boolean): void {
    const exam = { study: this.#study, slots: this.#slots(this.#study), hasPrior };
    this.steps.set(hanging.value === null ? [] : stepsFor(hanging.value, exam));
  }

  /** Stacks of series of pictures, whose views and sides are in the images alone. */
  async #views(study: StudyDetail): Promise<ReadonlyMap<string, FrameStack>> {
    const series = study.series_list.filter((one) => one.kind === 'image' && isOfPictures(one)).slice(0, MOST_SERIES);
    const stacks = this.stacks;
    await Promise.all(
      series.map(async ({ series_instance_uid: uid }) => {
        const stack = await stacks.stackOf(study.study_instance_uid, uid).catch(() => null);
        if (stack !== null && stacks === this.stacks) this.#known.set(uid, stack);
      }),
    );
    return this.#known;
  }

  async #openPrior(): Promise<StudyDetail | null> {
    const { stacks } = this;
    const uid = await this.#priorUid;
    if (uid === null || this.prior.value?.study_instance_uid === uid) return this.prior.value;
    const prior = await api.study(uid).catch(() => null);
    if (stacks !== this.stacks) return null;
    this.prior.set(prior);
    return prior;
  }

  async #unfit(stage: Stage): Promise<Unfit | null> {
    const cut = stage.cells.find((shown) => shown !== null && shown.plane !== null);
    if (cut == null) return null;
    return unfitFor(await this.stacks.stackOf(cut.study.study_instance_uid, cut.series.series_instance_uid));
  }
}

async function priorOf(study: StudyDetail): Promise<string | null> {
  return matchingPrior(study, await priorsOf(study.study_instance_uid))?.study_instance_uid ?? null;
}
