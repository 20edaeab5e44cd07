import type { Prior } from '../../api/persons-types.ts';
import type { StudyDetail } from '../../api/types.ts';

/** Earlier studies to compare with, the latest first: of the same sort, of the same part of the body where that is known of any. */
export function matchingPriors(study: StudyDetail, priors: readonly Prior[]): Prior[] {
  const sorts = SORTS.find((sort) => sort.includes(study.modality)) ?? [study.modality];
  const alike = priors.filter(({ modality, study_instance_uid }) => sorts.includes(modality) && study_instance_uid !== study.study_instance_uid);
  const samePart = alike.filter((prior) => isOfPart(prior, study));
  const found = samePart.length > 0 ? samePart : alike.filter((prior) => partOf(prior) === '' || partOf(study) === '');
  return found.sort((a, b) => b.at.localeCompare(a.at));
}

/** Modalities whose images are compared with each other. */
const SORTS: readonly (readonly string[])[] = [['CR', 'DX', 'DR', 'RG']];

interface Described {
  body_part: string;
  description: string;
}

function isOfPart(prior: Described, study: Described): boolean {
  const [one, other] = [partOf(prior), partOf(study)];
  return one !== '' && (one === other || one.includes(other) || other.includes(one)) && other !== '';
}

function partOf({ body_part, description }: Described): string {
  return (body_part || description).trim().toUpperCase();
}
