import type { Series, StudyDetail } from '../../api/types.ts';
import { Tag, textOf } from '../dicom-json.ts';
import type { FrameStack } from '../frames.ts';
import { planeOf } from '../stage/geometry.ts';
import type { Plane } from '../stage/stage.ts';

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
  orientation: Plane | '';
  /** When it was taken, as DICOM writes date and time; empty until its images are known. */
  taken: string;
}

const PICTURES: ReadonlySet<string> = new Set(['CR', 'DX', 'DR', 'MG', 'RG', 'US', 'IO', 'PX']);

/** Whether each object of a series is looked at for itself. */
export function isOfPictures({ modality }: Series): boolean {
  return PICTURES.has(modality);
}

/** Series whose images are looked through before they are hung: of more nobody would wait. */
const MOST_SERIES = 12;

/** Those whose views and sides are in the images alone; where a rule asks for more, others too. */
export function seriesLookedInto(study: StudyDetail, all: boolean): Series[] {
  return study.series_list.filter((one) => one.kind === 'image' && (all || isOfPictures(one))).slice(0, MOST_SERIES);
}

/** What a study offers; of series whose stacks are known also views, sides, orientations and times. */
export function slotsOf(study: StudyDetail, stacks: ReadonlyMap<string, FrameStack> = new Map()): Slot[] {
  const images = study.series_list.filter(({ kind, rejected, instances }) => kind === 'image' && (rejected < instances || instances === 0));
  return images.flatMap((series, at) => slotsOfSeries(study, series, at, stacks.get(series.series_instance_uid)));
}

function slotsOfSeries(study: StudyDetail, series: Series, at: number, stack: FrameStack | undefined): Slot[] {
  const plain: Slot = { study, series, at, start: 0, view: '', laterality: series.laterality, orientation: saidOrientation(series), taken: '' };
  if (!isOfPictures(series)) return [stack === undefined ? plain : { ...plain, orientation: orientationOf(stack) || plain.orientation, taken: takenAt(stack) }];
  if (stack === undefined) return Array.from({ length: Math.max(1, series.instances) }, (_, start) => ({ ...plain, start }));
  const first = stack.frames.flatMap(({ instance }, start) => (stack.frames[start - 1]?.instance === instance ? [] : [{ instance, start }]));
  return first.map(({ instance, start }) => ({
    ...plain,
    start,
    view: textOf(instance, Tag.ViewPosition).toUpperCase(),
    laterality: textOf(instance, Tag.ImageLaterality) || textOf(instance, Tag.Laterality) || series.laterality,
    taken: momentOf(instance),
  }));
}

/** The plane that the normal of the images is nearest to; none of a scout in several planes. */
function orientationOf({ frames }: FrameStack): Plane | '' {
  const [first, last] = [frames[0], frames.at(-1)].map((frame) => (frame === undefined ? '' : planeNamed(planeOf(frame)?.normal ?? null)));
  return first === last ? (first ?? '') : '';
}

const PLANES: readonly Plane[] = ['sagittal', 'coronal', 'axial'];

function planeNamed(normal: readonly number[] | null): Plane | '' {
  if (normal === null) return '';
  const sizes = normal.map(Math.abs);
  return PLANES[sizes.indexOf(Math.max(...sizes))] ?? '';
}

const SAID: readonly (readonly [plane: Plane, words: RegExp])[] = [
  ['sagittal', /(^|[^A-Z])SAG|矢状/],
  ['coronal', /(^|[^A-Z])COR([^A-Z]|ONAL|$)|冠状/],
  ['axial', /(^|[^A-Z])(AX|TRA([^A-Z]|NSV|$))|轴位|横断|横轴/],
];

function saidOrientation({ description }: Series): Plane | '' {
  const text = description.toUpperCase();
  return SAID.find(([, words]) => words.test(text))?.[0] ?? '';
}

function takenAt({ frames }: FrameStack): string {
  const moments = frames.map(({ instance }) => momentOf(instance)).filter((moment) => moment !== '');
  return moments.reduce((least, moment) => (least === '' || moment < least ? moment : least), '');
}

function momentOf(instance: Parameters<typeof textOf>[0]): string {
  const date = textOf(instance, Tag.AcquisitionDate) || textOf(instance, Tag.SeriesDate);
  const time = textOf(instance, Tag.AcquisitionTime) || textOf(instance, Tag.SeriesTime);
  return textOf(instance, Tag.AcquisitionDateTime) || (time === '' ? '' : date + time);
}
