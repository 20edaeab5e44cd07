import type { Series, StudyDetail } from '../../api/types.ts';
import { Tag, textOf } from '../dicom-json.ts';
import type { FrameStack } from '../frames.ts';

/** What can be hung: a picture of a projection or of ultrasound, or else a series. */
export interface Slot {
  study: StudyDetail;
  series: Series;
  /** Among the series with images, from 0. */
  at: number;
  /** The first image of it in its series, from 0. */
  start: number;
  view: string;
  laterality: string;
}

const PICTURES: ReadonlySet<string> = new Set(['CR', 'DX', 'DR', 'MG', 'RG', 'US', 'IO', 'PX']);

/** Whether each object of a series is looked at for itself. */
export function isOfPictures({ modality }: Series): boolean {
  return PICTURES.has(modality);
}

/** What a study offers; of series whose stacks are known also views and sides. */
export function slotsOf(study: StudyDetail, stacks: ReadonlyMap<string, FrameStack> = new Map()): Slot[] {
  const images = study.series_list.filter(({ kind, rejected, instances }) => kind === 'image' && (rejected < instances || instances === 0));
  return images.flatMap((series, at) => slotsOfSeries(study, series, at, stacks.get(series.series_instance_uid)));
}

function slotsOfSeries(study: StudyDetail, series: Series, at: number, stack: FrameStack | undefined): Slot[] {
  const { laterality } = series;
  if (!isOfPictures(series)) return [{ study, series, at, start: 0, view: '', laterality }];
  if (stack === undefined) {
    return Array.from({ length: Math.max(1, series.instances) }, (_, start) => ({ study, series, at, start, view: '', laterality }));
  }
  const first = stack.frames.flatMap(({ instance }, start) => (stack.frames[start - 1]?.instance === instance ? [] : [{ instance, start }]));
  return first.map(({ instance, start }) => ({
    study,
    series,
    at,
    start,
    view: textOf(instance, Tag.ViewPosition).toUpperCase(),
    laterality: textOf(instance, Tag.ImageLaterality) || textOf(instance, Tag.Laterality) || laterality,
  }));
}
