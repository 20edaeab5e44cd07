import type { FittingTemplate, Structure, Value, Values } from '../api/templates-types.ts';
import type { ReportContent } from '../api/types.ts';
import type { Language } from '../i18n/index.ts';
import { merge, mergeLines, replaceEdited, type Edited } from './merging.ts';
import { findingsText, impressionText, render, type Rendered } from './render.ts';

/** A sentence that was changed by hand while its field has changed since: the reader decides. */
export interface Asked extends Edited {
  section: 'findings' | 'impression';
}

/** The template of a report, its values, and how they go into the words without ever overwriting what was written by hand. */
export class StructuredReport {
  readonly template: FittingTemplate;
  readonly language: Language;
  values: Values;
  said: Rendered;
  asked: readonly Asked[] = [];

  constructor(template: FittingTemplate, language: Language, values: Values = template.start) {
    this.template = template;
    this.language = language;
    this.values = values;
    this.said = render(template.content, values, language);
  }

  /** The template of a draft, when it is still the edition that the draft names. */
  static of(structure: Structure | null, templates: readonly FittingTemplate[]): StructuredReport | null {
    const found = templates.find(({ id, version }) => id === structure?.template && version === structure.version);
    return structure === null || found === undefined ? null : new StructuredReport(found, structure.language, structure.values);
  }

  get structure(): Structure {
    const { id, version } = this.template;
    return { template: id, version, language: this.language, values: this.values };
  }

  /** The whole report as the template says it. */
  whole(): Partial<ReportContent> {
    const { said, structure } = this;
    return { findings: findingsText(said), impression: impressionText(said), positive: said.positive, structure };
  }

  /** What a field's new value changes in the report. */
  set(field: string, value: Value, content: ReportContent): Partial<ReportContent> {
    const before = this.said;
    this.values = { ...this.values, [field]: value };
    this.said = render(this.template.content, this.values, this.language);
    const findings = merge(content.findings, before.findings, this.said.findings, this.language);
    const impression = mergeLines(content.impression, before.impression, this.said.impression, this.language);
    this.#ask('findings', findings.edited);
    this.#ask('impression', impression.edited);
    const isOurs = content.positive === null || content.positive === before.positive;
    return {
      findings: findings.text,
      impression: impression.text,
      positive: isOurs ? this.said.positive : content.positive,
      structure: this.structure,
    };
  }

  /** The reader's decision about a sentence that he had changed. */
  decide(asked: Asked, replace: boolean, content: ReportContent): Partial<ReportContent> {
    this.asked = this.asked.filter((one) => one !== asked);
    if (!replace) return {};
    const { section } = asked;
    return { [section]: replaceEdited(content[section], this.said[section], asked, this.language) };
  }

  #ask(section: Asked['section'], edited: readonly Edited[]): void {
    const others = this.asked.filter((one) => one.section !== section || edited.every(({ id }) => id !== one.id));
    this.asked = [...others, ...edited.map((one) => ({ ...one, section }))];
  }
}

export function sameStructure(a: Structure | null, b: Structure | null): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
