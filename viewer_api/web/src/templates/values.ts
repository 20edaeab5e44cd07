import type { Bilingual, FieldSpec, OptionSpec, TemplateContent, Value, Values } from '../api/templates-types.ts';
import type { Language } from '../i18n/index.ts';
import { holds, type Facts } from './conditions.ts';

export const SIDES: Readonly<Record<string, Bilingual>> = {
  left: { zh: '左', en: 'left' },
  right: { zh: '右', en: 'right' },
  bilateral: { zh: '双', en: 'bilateral' },
};

const CLOSE_UNITS = ['%', '°', '℃'];
const UNSAID = /[\x00-\x1f\x7f]+/g;

/** The values that count: defaults put in, what is not asked for left out. */
export class Filled implements Facts {
  readonly values = new Map<string, string | number | readonly string[]>();
  readonly asked: FieldSpec[] = [];
  readonly #fields: ReadonlyMap<string, FieldSpec>;

  constructor(content: TemplateContent, given: Values) {
    this.#fields = new Map(content.fields.map((field) => [field.id, field]));
    for (const field of content.fields) {
      if (!holds(field.when, this)) continue;
      this.asked.push(field);
      const value = field.id in given ? given[field.id] : field.default;
      if (value !== undefined && !isNothing(value)) this.values.set(field.id, inOrder(field, value!));
    }
  }

  field(id: string): FieldSpec | undefined {
    return this.#fields.get(id);
  }

  chosen(field: string): readonly string[] {
    const value = this.values.get(field);
    if (typeof value === 'string') return [value];
    return typeof value === 'object' ? value : [];
  }

  options(field: FieldSpec): OptionSpec[] {
    const chosen = this.chosen(field.id);
    return (field.options ?? []).filter(({ value }) => chosen.includes(value));
  }

  number(field: string): number | null {
    const value = this.values.get(field);
    return typeof value === 'number' ? value : null;
  }

  isFilled(field: string): boolean {
    return this.values.has(field);
  }

  isAbnormal(id: string): boolean {
    if (id === '') return [...this.#fields.keys()].some((one) => this.isAbnormal(one));
    const field = this.#fields.get(id);
    if (field === undefined) return false;
    const number = this.number(id);
    if (number !== null) return number < (field.normal?.min ?? -Infinity) || number > (field.normal?.max ?? Infinity);
    return this.options(field).some(({ abnormal }) => abnormal === true);
  }
}

export function isNothing(value: Value): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function inOrder(field: FieldSpec, value: Exclude<Value, null>): string | number | readonly string[] {
  if (typeof value !== 'object') return value;
  return (field.options ?? []).map((option) => option.value).filter((one) => value.includes(one));
}

/** What stands in the place of a field inside an option's sentence: names, no sentences. */
export function plainWord(field: FieldSpec, value: string | number | readonly string[], language: Language): string {
  if (typeof value === 'number') return numberWord(field, value, language);
  if (typeof value === 'object') {
    const labels = (field.options ?? []).filter((option) => value.includes(option.value)).map(({ label }) => label[language]);
    return labels.join(between(language));
  }
  if (field.type === 'side') return SIDES[value]?.[language] ?? '';
  const option = field.options?.find((one) => one.value === value);
  return option === undefined ? clean(value) : option.label[language];
}

export function between(language: Language): string {
  return language === 'zh' ? '、' : ', ';
}

function numberWord(field: FieldSpec, value: number, language: Language): string {
  const unit = (field.unit?.[language] ?? '').trim();
  const apart = language === 'en' && unit !== '' && !CLOSE_UNITS.some((one) => unit.startsWith(one)) ? ' ' : '';
  return `${rounded(value, field.decimals ?? 0)}${apart}${unit}`;
}

/** Half away from zero, as the server does it. */
export function rounded(value: number, decimals: number): string {
  const whole = Math.floor(Math.abs(value) * 10 ** decimals + 0.5 + 1e-9);
  const digits = String(whole).padStart(decimals + 1, '0');
  const sign = value < 0 && whole > 0 ? '-' : '';
  return sign + (decimals > 0 ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits);
}

function clean(text: string): string {
  return text.replace(UNSAID, ' ').replaceAll('{', '（').replaceAll('}', '）').trim();
}
