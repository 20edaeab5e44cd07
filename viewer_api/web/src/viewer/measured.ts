import type { StudyDetail } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { notify } from '../ui/notify.ts';
import type { CellViewport } from './cell-viewport.ts';
import type { Frame } from './frames.ts';
import { chosen, measurementsOf } from './measuring/kept.ts';
import type { Measurement } from './measuring/kinds.ts';
import { find, isOf } from './measuring/places.ts';
import { sentence } from './measuring/wording.ts';
import type { Director } from './stage/director.ts';
import type { StackStore } from './stage/stack-store.ts';
import { activeContent } from './stage/stage.ts';

/** The chosen one, else what was drawn last on the image in hand, else in the study. */
export function pickedMeasurement(study: StudyDetail, frame: Frame | null): Measurement | undefined {
  const items = measurementsOf(study.study_instance_uid).items.value;
  const here = frame === null ? [] : items.filter((one) => isOf(frame, one));
  return items.find(({ id }) => id === chosen.value) ?? here.at(-1) ?? items.at(-1);
}

/** The image that it was made on, in the active cell. */
export async function goToMeasurement(director: Director, viewport: CellViewport | null, one: Measurement): Promise<void> {
  const shown = activeContent(director.stage.value);
  if (shown === null) return;
  const found = await find(director.stacks, shown.study, one).catch(() => null);
  if (found === null) return;
  const isOpen = shown.series.series_instance_uid === one.series_instance_uid && shown.plane === null;
  if (isOpen) viewport?.goTo(found.index);
  else director.show(found.series, found.index);
}

/** Offers the sentence to whoever writes, as `report-words`; says so when nobody does. */
export async function reportMeasurement(from: EventTarget, stacks: StackStore, study: StudyDetail, one: Measurement | undefined): Promise<void> {
  const found = one === undefined ? null : await find(stacks, study, one).catch(() => null);
  if (one === undefined || found === null) {
    notify(t('measure.into_report.none'));
    return;
  }
  const detail = sentence(one, { series: found.number, image: found.index + 1 });
  const isFree = from.dispatchEvent(new CustomEvent('report-words', { detail, bubbles: true, composed: true, cancelable: true }));
  if (isFree) notify(t('measure.into_report.no_editor'));
}
