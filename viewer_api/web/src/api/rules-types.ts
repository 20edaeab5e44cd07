/** JSON of the county's rules. */
import type { Schemas } from './routes.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What a chapter says; each has a shape of its own (`reading_queue` has them). */
export type Content = Readonly<Record<string, Json>>;

/** A chapter in the list; version 0 is what the product ships. */
export type ChapterLine = Schemas['ChapterLine'];
export type Edition = Omit<Schemas['EditionOut'], 'content'> & { readonly content: Content };
export type EditionState = Edition['state'];

/** A chapter with all its editions, the newest first. */
export type Chapter = Omit<Schemas['ChapterOut'], 'editions'> & { readonly editions: readonly Edition[] };
export type NewEdition = Omit<Schemas['PublishIn'], 'content'> & { readonly content: Content };
export type Tally = Schemas['TallyOut'];

/** The last 30 days' tasks of a class and modality under the rules in force and under the proposed ones. */
export type Effect = Schemas['EffectOut'];
export type RulesPreview = Schemas['PreviewOut'];
