/** JSON of report templates and phrases. */
import type { Schemas } from './routes.ts';

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
export type TemplateContent = {
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
};

export type Level = Schemas['Level'];
export type Department = Schemas['Department'];
export type Template = Omit<Schemas['TemplateOut'], 'content'> & { readonly content: TemplateContent };

/** A template for an exam; `start` is what the exam's name tells already. */
export type FittingTemplate = Omit<Schemas['FittingOut'], 'content'> & { readonly content: TemplateContent };

/** What a report keeps of the template that its words were made from. */
export type Structure = Schemas['StructureOut'];
export type Phrase = Schemas['PhraseOut'];
export type PhraseWords = Pick<Phrase, 'code' | 'section' | 'zh' | 'en' | 'modalities' | 'body_parts'>;
export type PlaceOrder = Schemas['PlaceIn'];
export type StoredLevel = NonNullable<PlaceOrder['level']>;
