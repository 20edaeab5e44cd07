import type { FieldSpec, OptionSpec, TemplateContent, Value } from '../api/templates-types.ts';

/** Words of a list that a person types with commas of either kind. */
export function list(text: string): string[] {
  return text.split(/[,，、;；\n]/).map((one) => one.trim()).filter((one) => one !== '');
}

/** Options as lines: `!value | 中文 | English | 所见 | finding | 意见 | impression`; `!` before an abnormal one. */
export function optionLines(options: readonly OptionSpec[]): string {
  return options.map(optionLine).join('\n');
}

function optionLine({ value, label, text, impression, abnormal }: OptionSpec): string {
  const parts = [label.zh, label.en, text?.zh ?? '', text?.en ?? '', impression?.zh ?? '', impression?.en ?? ''];
  while (parts.length > 2 && parts.at(-1) === '') parts.pop();
  return `${abnormal ? '!' : ''}${value} | ${parts.join(' | ')}`;
}

export function optionsOf(lines: string): OptionSpec[] {
  return lines.split('\n').filter((line) => line.trim() !== '').map(optionOf);
}

function optionOf(line: string): OptionSpec {
  const [name = '', zh = '', en = '', findingZh = '', findingEn = '', impressionZh = '', impressionEn = ''] = line
    .split('|')
    .map((part) => part.trim());
  return {
    value: name.replace(/^!\s*/, ''),
    label: { zh, en: en || zh },
    ...(findingZh === '' ? {} : { text: { zh: findingZh, en: findingEn || findingZh } }),
    ...(impressionZh === '' ? {} : { impression: { zh: impressionZh, en: impressionEn || impressionZh } }),
    ...(name.startsWith('!') ? { abnormal: true } : {}),
  };
}

/** A default as it is typed: the value of a choice, values with commas, a number, a text. */
export function defaultOf(type: FieldSpec['type'], text: string): Value | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  if (type === 'several') return list(typed);
  if (type === 'number') return Number.isFinite(Number(typed)) ? Number(typed) : undefined;
  return typed;
}

export function defaultText(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}

/** A number that may be left out. */
export function numberOf(text: string): number | undefined {
  const typed = text.trim();
  return typed === '' || !Number.isFinite(Number(typed)) ? undefined : Number(typed);
}

/** The object without what is left out, so that it is the same JSON however it was typed. */
export function tidy<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(([, one]) => one !== undefined && one !== '' && !isEmptyObject(one));
  return Object.fromEntries(kept) as T;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => one === undefined || one === '');
}

export const BLANK: TemplateContent = {
  title: { zh: '', en: '' },
  modalities: [],
  body_parts: [],
  terms: [],
  fields: [],
  findings: [{ id: 'findings', zh: '', en: '' }],
  impression: [{ id: 'normal', zh: '未见明确异常。', en: 'No abnormality.', when: 'normal' }],
};

/** Moves one of a list a place up. */
export function movedUp<T>(items: readonly T[], n: number): T[] {
  if (n === 0) return [...items];
  return [...items.slice(0, n - 1), items[n]!, items[n - 1]!, ...items.slice(n + 1)];
}
