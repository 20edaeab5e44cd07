import type { Series, StudyDetail } from '../../api/types.ts';
import { Tag, textOf } from '../dicom-json.ts';
import type { Frame, FrameStack } from '../frames.ts';
import type { Measurement } from './kinds.ts';

/** Where a measurement is found in its study. */
export interface Found {
  series: Series;
  /** Series as people count them. */
  number: number;
  /** Of the image in the stack, from 0. */
  index: number;
}

interface Stacks {
  stackOf(study: string, series: string): Promise<FrameStack>;
}

/** `null` for an image that is not in the study any more. */
export async function find(stacks: Stacks, study: StudyDetail, one: Measurement): Promise<Found | null> {
  const at = study.series_list.findIndex(({ series_instance_uid }) => series_instance_uid === one.series_instance_uid);
  const series = study.series_list[at];
  if (series === undefined) return null;
  const stack = await stacks.stackOf(study.study_instance_uid, series.series_instance_uid);
  const index = stack.frames.findIndex((frame) => isOf(frame, one));
  return index < 0 ? null : { series, number: series.number ?? at + 1, index };
}

export function isOf({ imageId, instance }: Frame, one: Measurement): boolean {
  return textOf(instance, Tag.SOPInstanceUID) === one.sop_instance_uid && imageId.endsWith(`/frames/${one.frame}`);
}
