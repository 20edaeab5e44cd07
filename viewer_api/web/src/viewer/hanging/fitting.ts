import type { StudyDetail } from '../../api/types.ts';
import type { Condition } from './hanging-api.ts';
import type { Slot } from './slots.ts';

/** What a rule is chosen by. */
export interface Exam {
  study: StudyDetail;
  slots: readonly Slot[];
  hasPrior: boolean;
}

export type Asked = 'modality' | 'body_part' | 'words' | 'views' | 'laterality' | 'count' | 'prior';

/** One thing that a rule asks of an exam, what it wants and what the exam has, and whether that is enough. */
export interface Reason {
  asked: Asked;
  wanted: string;
  found: string;
  holds: boolean;
}

/** What is quoted of an exam in which none of the words is found. */
const MOST_TEXTS = 6;

/** All that a rule asks, in the order of the form; empty for a rule that fits every exam. */
export function reasonsFor(when: Condition, exam: Exam): Reason[] {
  return [modality(when, exam), bodyPart(when, exam), words(when, exam), views(when, exam), side(when, exam), count(when, exam), prior(when, exam)].filter(
    (reason) => reason !== null,
  );
}

export function fits(when: Condition, exam: Exam): boolean {
  return reasonsFor(when, exam).every(({ holds }) => holds);
}

/** The part of the body that an exam is said to be of; empty where nothing says it. */
export function bodyPartOf(study: StudyDetail): string {
  return partsOf(study)[0] ?? '';
}

function partsOf(study: StudyDetail): string[] {
  const parts = [study.body_part, ...study.series_list.map(({ body_part }) => body_part)];
  return [...new Set(parts.map((part) => part.trim().toUpperCase()).filter((part) => part !== ''))];
}

type Asking = (when: Condition, exam: Exam) => Reason | null;

const modality: Asking = ({ modalities }, { study }) =>
  modalities.length === 0 ? null : { asked: 'modality', wanted: said(modalities), found: study.modality, holds: modalities.includes(study.modality) };

const bodyPart: Asking = ({ body_parts }, { study }) => {
  if (body_parts.length === 0) return null;
  const parts = partsOf(study);
  return { asked: 'body_part', wanted: said(body_parts), found: said(parts), holds: body_parts.some((part) => parts.includes(part.toUpperCase())) };
};

const words: Asking = (when, { study }) => {
  if (when.words.length === 0) return null;
  const texts = [study.description, study.body_part, ...study.series_list.flatMap((one) => [one.body_part, one.description])];
  const text = texts.join('\n').toUpperCase();
  const there = when.words.filter((word) => text.includes(word.toUpperCase()));
  const found = there.length > 0 ? there : [...new Set(texts.filter((one) => one.trim() !== ''))].slice(0, MOST_TEXTS);
  return { asked: 'words', wanted: said(when.words), found: said(found), holds: there.length > 0 };
};

const views: Asking = (when, { slots }) => {
  if (when.views.length === 0) return null;
  const there = new Set(slots.map(({ view }) => view).filter((view) => view !== ''));
  return { asked: 'views', wanted: said(when.views), found: said([...there]), holds: when.views.every((view) => there.has(view.toUpperCase())) };
};

const side: Asking = ({ laterality }, { slots }) => {
  if (laterality === '') return null;
  const there = new Set(slots.map((slot) => slot.laterality).filter((one) => one !== ''));
  return { asked: 'laterality', wanted: laterality, found: said([...there]), holds: there.has(laterality) };
};

const count: Asking = ({ least, most }, { slots: { length } }) => {
  if (least === 0 && most === null) return null;
  const wanted = most === null ? `≥ ${least}` : least === 0 ? `≤ ${most}` : `${least}–${most}`;
  return { asked: 'count', wanted, found: String(length), holds: length >= least && (most === null || length <= most) };
};

const prior: Asking = (when, { hasPrior }) =>
  when.prior === null ? null : { asked: 'prior', wanted: String(when.prior), found: String(hasPrior), holds: when.prior === hasPrior };

function said(values: readonly string[]): string {
  return values.join(', ');
}
