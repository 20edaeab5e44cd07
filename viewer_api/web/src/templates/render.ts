import type { Bilingual, FieldSpec, SentenceSpec, TemplateContent, Values } from '../api/templates-types.ts';
import type { Language } from '../i18n/index.ts';
import { holds } from './conditions.ts';
import { fill, parsePattern } from './patterns.ts';
import { between, Filled, plainWord } from './values.ts';

/** One sentence of a report; `id` is that of the template's sentence, or `field.option`. */
export interface Said {
  id: string;
  text: string;
  paragraph: boolean;
}

export interface Rendered {
  findings: readonly Said[];
  impression: readonly Said[];
  positive: boolean;
  classes: Readonly<Record<string, string>>;
  language: Language;
  filled: Filled;
}

/** What the template says about `values` over its defaults: the same as the server's renderer, at once. */
export function render(content: TemplateContent, values: Values, language: Language): Rendered {
  const filled = new Filled(content, values);
  return {
    findings: sentences(content.findings, filled, language),
    impression: [...optionLines(content, filled, language), ...sentences(content.impression, filled, language)],
    positive: filled.isAbnormal(''),
    classes: Object.fromEntries(
      content.fields
        .filter(({ coding, id }) => coding && filled.isFilled(id))
        .map(({ coding, id }) => [coding!, String(filled.values.get(id))]),
    ),
    language,
    filled,
  };
}

export function findingsText({ findings, language }: Rendered): string {
  return joined(findings, language);
}

export function impressionText({ impression }: Rendered): string {
  return numbered(impression.map(({ text }) => text));
}

/** Sentences in their lines. */
export function joined(said: readonly Said[], language: Language): string {
  let text = '';
  said.forEach((one, n) => {
    text += (n === 0 ? '' : one.paragraph ? '\n' : apart(language)) + one.text;
  });
  return text;
}

export function apart(language: Language): string {
  return language === 'zh' ? '' : ' ';
}

/** Numbers where there are several. */
export function numbered(lines: readonly string[]): string {
  return lines.length > 1 ? lines.map((line, n) => `${n + 1}. ${line}`).join('\n') : lines.join('');
}

function sentences(specs: readonly SentenceSpec[], filled: Filled, language: Language): Said[] {
  return specs
    .filter(({ when }) => holds(when, filled))
    .map((spec) => ({
      id: spec.id,
      text: fill(parsePattern(spec[language]), (name) => word(filled, name, language)).trim(),
      paragraph: spec.paragraph === true,
    }))
    .filter(({ text }) => text !== '');
}

function optionLines(content: TemplateContent, filled: Filled, language: Language): Said[] {
  return content.fields.flatMap((field) => lines(field, filled, language)).filter(({ text }) => text !== '');
}

function lines(field: FieldSpec, filled: Filled, language: Language): Said[] {
  return filled.options(field).flatMap(({ value, impression }) => {
    const text = impression === undefined ? '' : inside(impression, filled, language).trim();
    return [{ id: `${field.id}.${value}`, text, paragraph: false }];
  });
}

function word(filled: Filled, name: string, language: Language): string {
  const field = filled.field(name);
  const value = filled.values.get(name);
  if (field === undefined || value === undefined) return '';
  const options = filled.options(field);
  if (options.length === 0) return plainWord(field, value, language);
  const said = options.map(({ text, label }) => (text === undefined ? label[language] : inside(text, filled, language)));
  return said.filter((one) => one !== '').join(between(language));
}

function inside(pattern: Bilingual, filled: Filled, language: Language): string {
  return fill(parsePattern(pattern[language]), (name) => {
    const field = filled.field(name);
    const value = filled.values.get(name);
    return field === undefined || value === undefined ? '' : plainWord(field, value, language);
  });
}
