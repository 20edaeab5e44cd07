import { lasting } from '../lib/storage.ts';
import { Cell } from '../store.ts';
import type { Catalogue, MessageKey } from './catalogue.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

export type { MessageKey } from './catalogue.ts';
export type Language = 'zh' | 'en';
export type Params = Readonly<Record<string, string | number>>;

const KEY = 'countyread.language';
const CATALOGUES: Readonly<Record<Language, Catalogue>> = { zh, en };

export const language = new Cell<Language>(lasting.get(KEY) === 'en' ? 'en' : 'zh');

export function setLanguage(value: Language): void {
  lasting.set(KEY, value);
  language.set(value);
}

export function isLanguage(value: unknown): value is Language {
  return value === 'zh' || value === 'en';
}

/** The BCP 47 tag, for `lang` attributes and `Intl`. */
export function locale(of: Language = language.value): string {
  return of === 'zh' ? 'zh-CN' : 'en-GB';
}

/** The message in the chosen language, `{name}` replaced by the parameter of that name. */
export function t(key: MessageKey, params: Params = {}): string {
  return CATALOGUES[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** For words made from values of the server, such as states: the message if there is one, else the value itself. */
export function word(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in zh ? t(key as MessageKey) : value;
}

/** Of a name in both languages the one that is wanted, or the one that there is. */
export function localName(chinese: string, english: string): string {
  return (language.value === 'en' ? english || chinese : chinese || english) ?? '';
}
