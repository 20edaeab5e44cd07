import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';

import type { Choice } from '../../../ui/dialog.ts';
import { faultOf, type Faults } from './faults.ts';

/** A field of a form: where its value stands, what it is called, and what is wrong. */
export interface FieldSpec {
  path: string;
  label: string;
  faults: Faults;
  hint?: string;
  disabled?: boolean;
  wide?: boolean;
  /** Id of a list of suggestions. */
  list?: string;
}

export function textField(spec: FieldSpec, value: string, set: (text: string) => void): TemplateResult {
  return field(
    spec,
    html`<input
      id=${spec.path}
      data-testid="field-${spec.path}"
      list=${ifDefined(spec.list)}
      placeholder=${ifDefined(spec.hint)}
      ?disabled=${spec.disabled}
      .value=${value}
      aria-invalid=${faultOf(spec.faults, spec.path) !== ''}
      aria-describedby="${spec.path}-fault"
      @change=${(event: Event) => set((event.target as HTMLInputElement).value.trim())}
    />`,
  );
}

/** Words with commas, or whatever people write between them. */
export function wordsField(spec: FieldSpec, values: readonly string[], set: (values: string[]) => void): TemplateResult {
  return textField(spec, values.join(', '), (text) => set(listed(text)));
}

export function listed(text: string): string[] {
  const words = text.split(/[,，、;；\n]/).map((word) => word.trim());
  return [...new Set(words.filter((word) => word !== ''))];
}

/** `null` for an empty field. */
export function numberField(spec: FieldSpec & { least?: number; most?: number }, value: number | null, set: (value: number | null) => void): TemplateResult {
  return field(
    spec,
    html`<input
      id=${spec.path}
      type="number"
      data-testid="field-${spec.path}"
      min=${ifDefined(spec.least)}
      max=${ifDefined(spec.most)}
      placeholder=${ifDefined(spec.hint)}
      ?disabled=${spec.disabled}
      .value=${value === null ? '' : String(value)}
      aria-invalid=${faultOf(spec.faults, spec.path) !== ''}
      aria-describedby="${spec.path}-fault"
      @change=${(event: Event) => set(numberIn((event.target as HTMLInputElement).value))}
    />`,
  );
}

function numberIn(text: string): number | null {
  const number = Number(text);
  return text.trim() === '' || !Number.isFinite(number) ? null : number;
}

export function choiceField(spec: FieldSpec, choices: readonly Choice[], value: string, set: (value: string) => void): TemplateResult {
  return field(
    spec,
    html`<select
      id=${spec.path}
      data-testid="field-${spec.path}"
      ?disabled=${spec.disabled}
      aria-invalid=${faultOf(spec.faults, spec.path) !== ''}
      aria-describedby="${spec.path}-fault"
      .value=${value}
      @change=${(event: Event) => set((event.target as HTMLSelectElement).value)}
    >
      ${choices.map((choice) => html`<option value=${choice.value} ?selected=${choice.value === value}>${choice.label}</option>`)}
    </select>`,
  );
}

function field({ path, label, faults, wide = false }: FieldSpec, control: TemplateResult): TemplateResult {
  const fault = faultOf(faults, path);
  return html`<div class="field ${wide ? 'wide' : ''}">
    <label for=${path}>${label}</label>${control}
    <span id="${path}-fault" class="field-error" data-testid=${fault === '' ? nothing : `fault-${path}`}>${fault}</span>
  </div>`;
}
