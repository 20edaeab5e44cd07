import type { FittingTemplate, Phrase } from '../api/templates-types.ts';
import { templatesApi } from '../session.ts';

/** Its uses are counted here too. */
export type CountedPhrase = Omit<Phrase, 'uses'> & { uses: number };

/** What the writer of one report has at hand: the templates and phrases for its exam. */
export interface WritingAids {
  task: number;
  templates: readonly FittingTemplate[];
  phrases: readonly CountedPhrase[];
}

const MOST_PHRASES = 500;
let last: Promise<WritingAids> | null = null;
let lastTask = 0;

/** Loaded once a task; without them one writes by hand. */
export function writingAids(task: number): Promise<WritingAids> {
  if (last !== null && lastTask === task) return last;
  lastTask = task;
  last = load(task).catch(() => {
    last = null;
    return { task, templates: [], phrases: [] };
  });
  return last;
}

async function load(task: number): Promise<WritingAids> {
  const [templates, phrases] = await Promise.all([templatesApi.templatesFor(task), templatesApi.phrases({ task, limit: MOST_PHRASES })]);
  return { task, templates: templates.items, phrases: phrases.items.map((one) => ({ ...one })) };
}

/** Counts here at once and on the server when it answers; a count that is lost matters to nobody. */
export function noteUse(phrase: CountedPhrase): void {
  phrase.uses += 1;
  void templatesApi.phraseUsed(phrase.id).catch(() => undefined);
}
