export type EditionState = 'past' | 'in_force' | 'future';
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Content = Readonly<Record<string, Json>>;

/** A chapter in the list; version 0 is what the product ships. */
export interface ChapterLine {
  kind: string;
  version: number;
  effective_from: string | null;
  published_by_name: string;
  note: string;
  editions: number;
  next_version: number | null;
  next_from: string | null;
}

export interface Edition {
  version: number;
  effective_from: string | null;
  state: EditionState;
  note: string;
  published_by: string;
  published_by_name: string;
  published_at: string | null;
  content: Content;
}

/** A chapter with all its editions, the newest first. */
export interface Chapter {
  kind: string;
  version: number;
  editions: Edition[];
}

export interface NewEdition {
  content: Content;
  note: string;
  effective_from?: string;
}

export interface Tally {
  on_time: number;
  late: number;
  breached: number;
}

/** The last 30 days' tasks of a class and modality under the rules in force and under the proposed ones. */
export interface Effect {
  priority: string;
  modality: string;
  tasks: number;
  present: Tally;
  proposed: Tally;
}

export interface RulesPreview {
  effects: Effect[];
  warnings: string[];
}
