import type { Language } from '../i18n/index.ts';

export interface Bilingual {
  zh: string;
  en: string;
}

export type FieldKind = 'choice' | 'several' | 'number' | 'side' | 'text';
export type Section = 'findings' | 'impression';
export type Value = string | number | readonly string[] | null;
export type Values = Readonly<Record<string, Value>>;

export interface OptionSpec {
  value: string;
  label: Bilingual;
  text?: Bilingual;
  impression?: Bilingual;
  abnormal?: boolean;
  /** The statement that choosing it makes; `initials` are how its Chinese name is typed. */
  code?: string;
  initials?: string;
}

export interface FieldSpec {
  id: string;
  type: FieldKind;
  label: Bilingual;
  section?: Section;
  when?: string;
  default?: Value;
  options?: readonly OptionSpec[];
  unit?: Bilingual;
  min?: number;
  max?: number;
  normal?: { min?: number; max?: number };
  decimals?: number;
  coding?: string;
  /** The measurement that the field takes its first value from. */
  measure?: string;
}

export interface SentenceSpec extends Bilingual {
  id: string;
  when?: string;
  paragraph?: boolean;
  code?: string;
}

/** A template as data; the server checks it (`reading_queue/templates/parsing.py`). */
export interface TemplateContent {
  title: Bilingual;
  modalities: readonly string[];
  body_parts: readonly string[];
  terms: readonly string[];
  general?: boolean;
  sex?: '' | 'M' | 'F';
  age?: { least?: number; most?: number };
  fields: readonly FieldSpec[];
  findings: readonly SentenceSpec[];
  impression: readonly SentenceSpec[];
}

export type Level = 'own' | 'department' | 'county' | 'shipped';
export type Department = 'radiology' | 'ultrasound' | 'cardiography' | 'other';

export interface Template {
  id: string;
  key: string;
  level: Level;
  department: string;
  version: number;
  content: TemplateContent;
  may_change: boolean;
  changed_at: string | null;
}

/** A template for an exam; `start` is what the exam's name tells already. */
export interface FittingTemplate extends Template {
  suggested: boolean;
  start: Values;
}

/** What a report keeps of the template that its words were made from. */
export interface Structure {
  template: string;
  version: number;
  language: Language;
  values: Values;
}

export interface PhraseWords {
  code: string;
  section: '' | Section;
  zh: string;
  en: string;
  modalities: readonly string[];
  body_parts: readonly string[];
}

export interface Phrase extends PhraseWords {
  id: string;
  level: Level;
  department: string;
  pinyin: string;
  initials: string;
  uses: number;
  may_change: boolean;
}

export interface PlaceOrder {
  level: Exclude<Level, 'shipped'>;
  department?: Department;
}
