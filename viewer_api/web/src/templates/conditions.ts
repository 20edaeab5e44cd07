/** What conditions ask about; the field `''` stands for the whole report. */
export interface Facts {
  chosen(field: string): readonly string[];
  number(field: string): number | null;
  isFilled(field: string): boolean;
  isAbnormal(field: string): boolean;
}

type Term = (facts: Facts) => boolean;

const COMPARED = /^([a-z][a-z0-9_]*)\s*(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)$/;
const CHOSEN = /^([a-z][a-z0-9_]*)\s*(!?=)\s*([A-Za-z0-9_.+-]+(?:\s*\|\s*[A-Za-z0-9_.+-]+)*)$/;
const STATED = /^([a-z][a-z0-9_]*)\s+(filled|empty|abnormal)$/;
const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
const known = new Map<string, readonly Term[]>();

export class ConditionError extends Error {}

/** Whether `heart = large|globular & size filled` holds; the language of `reading_queue/templates/conditions.py`. */
export function holds(condition: string | undefined, facts: Facts): boolean {
  return parseCondition(condition ?? '').every((term) => term(facts));
}

export function parseCondition(text: string): readonly Term[] {
  const before = known.get(text);
  if (before !== undefined) return before;
  const terms = text.trim() === '' ? [] : text.split('&').map((one) => parseTerm(one.trim()));
  known.set(text, terms);
  return terms;
}

function parseTerm(text: string): Term {
  if (text === 'normal') return (facts) => !facts.isAbnormal('');
  if (text === 'abnormal') return (facts) => facts.isAbnormal('');
  return compared(COMPARED.exec(text)) ?? chosen(CHOSEN.exec(text)) ?? stated(STATED.exec(text)) ?? refuse(text);
}

function compared(found: RegExpExecArray | null): Term | null {
  if (found === null) return null;
  const [, field = '', sign = '', bound = ''] = found;
  return (facts) => {
    const number = facts.number(field);
    return number !== null && COMPARE[sign]!(number, Number(bound));
  };
}

function chosen(found: RegExpExecArray | null): Term | null {
  if (found === null) return null;
  const [, field = '', sign = '', list = ''] = found;
  const values = list.split('|').map((one) => one.trim());
  return (facts) => facts.chosen(field).some((one) => values.includes(one)) === (sign === '=');
}

function stated(found: RegExpExecArray | null): Term | null {
  if (found === null) return null;
  const [, field = '', what = ''] = found;
  if (what === 'abnormal') return (facts) => facts.isAbnormal(field);
  return (facts) => facts.isFilled(field) === (what === 'filled');
}

function refuse(text: string): never {
  throw new ConditionError(text);
}
