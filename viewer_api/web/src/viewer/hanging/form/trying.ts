import type { StudyDetail } from '../../../api/types.ts';
import { api } from '../../../session.ts';
import type { FrameStack } from '../../frames.ts';
import { unfitFor } from '../../mpr/crosshair.ts';
import { StackStore } from '../../stage/stack-store.ts';
import type { Exam } from '../fitting.ts';
import type { HangingStep } from '../hanging-api.ts';
import { matchingPriors } from '../priors.ts';
import { allot, stepsFor, type Allotted, type NamedStep, type Rule } from '../protocols.ts';
import { seriesLookedInto, slotsOf, type Slot } from '../slots.ts';

/** A study that rules are tried on, with all that they may ask of it. */
export interface Tried extends Exam {
  /** Of the earlier studies of the same kind, the latest first. */
  priors: readonly (readonly Slot[])[];
  /** Of all series of images: planes are cut out of any. */
  stacks: ReadonlyMap<string, FrameStack>;
}

/** A cell asks for the ninth at most. */
const MOST_PRIORS = 9;

/** Looks at a study as the reading page does when it opens it. */
export async function lookAt(uid: string): Promise<Tried> {
  const [study, { items }] = await Promise.all([api.study(uid), api.priors(uid)]);
  const stacks = new Map<string, FrameStack>();
  const before = matchingPriors(study, items);
  const asked = before.slice(0, MOST_PRIORS).map(({ study_instance_uid: one }) => api.study(one).catch(() => null));
  const priors = await Promise.all(asked);
  const store = new StackStore();
  await Promise.all([study, ...priors].map((one) => (one === null ? undefined : learn(store, one, stacks))));
  const offered = (one: StudyDetail | null): Slot[] => (one === null ? [] : slotsOf(one, lookedInto(one, stacks)));
  return { study, slots: offered(study), hasPrior: before.length > 0, priors: priors.map(offered), stacks };
}

/** The stacks that the reading page looks into before it hangs the study. */
function lookedInto(study: StudyDetail, stacks: ReadonlyMap<string, FrameStack>): ReadonlyMap<string, FrameStack> {
  const series = new Set([false, true].flatMap((all) => seriesLookedInto(study, all)).map(({ series_instance_uid: uid }) => uid));
  return new Map([...stacks].filter(([uid]) => series.has(uid)));
}

async function learn(store: StackStore, study: StudyDetail, stacks: Map<string, FrameStack>): Promise<void> {
  const series = study.series_list.filter(({ kind }) => kind === 'image');
  await Promise.all(
    series.map(async ({ series_instance_uid: uid }) => {
      const stack = await store.stackOf(study.study_instance_uid, uid).catch(() => null);
      if (stack !== null) stacks.set(uid, stack);
    }),
  );
}

/** What the cells of a step show of the study. */
export function allottedFor(step: HangingStep, { slots, priors }: Tried): Allotted[] {
  return allot(step, slots, priors);
}

/** The step that the study would open with: the first that fits and that its images allow. */
export function hungBy(rules: readonly Rule[], tried: Tried): NamedStep | null {
  return stepsFor(rules, tried).fitting.find(({ step }) => isPossible(step, tried)) ?? null;
}

function isPossible(step: HangingStep, tried: Tried): boolean {
  const cut = allottedFor(step, tried).find(({ cell, slot }) => slot !== null && cell.plane !== null);
  const stack = tried.stacks.get(cut?.slot?.series.series_instance_uid ?? '');
  return stack === undefined || unfitFor(stack) === null;
}
