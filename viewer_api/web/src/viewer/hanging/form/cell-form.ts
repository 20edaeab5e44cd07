import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t, type MessageKey } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import { CT_PRESETS } from '../../presets.ts';
import type { Voi } from '../../stack-view.ts';
import type { Plane } from '../../stage/stage.ts';
import type { Group, HangingCell, Side } from '../hanging-api.ts';
import { ANY } from '../protocols.ts';
import { NO_FAULTS, type Faults } from './faults.ts';
import { choiceField, numberField, textField, wordsField, type FieldSpec } from './fields.ts';
import { ruleFormStyles } from './form-styles.ts';
import { sideChoices, VIEWS } from './choices.ts';

const PLANES: readonly Plane[] = ['axial', 'coronal', 'sagittal'];
const GROUPS: readonly Group[] = ['', 'A', 'B', 'C', 'D'];
const PRIORS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const OWN_WINDOW = 'own';
const USUAL: Voi = { width: 400, center: 40 };

/** What goes into one cell. Fires `change` with the cell. */
@customElement('hang-cell-form')
export class HangCellForm extends AppElement {
  @property({ attribute: false }) cell: HangingCell = ANY;
  @property({ attribute: false }) faults: Faults = NO_FAULTS;
  @property({ type: Boolean }) readonly = false;

  static override styles = [base, controls, ruleFormStyles];

  override render(): TemplateResult {
    const { cell } = this;
    const from = cell.source === 'prior' ? cell.prior : 0;
    const sources = [{ value: '0', label: t('hangrule.current') }, ...PRIORS.map((n) => ({ value: String(n), label: priorName(n) }))];
    return html`<div class="fields">
      ${choiceField(this.#spec('source', 'hangrule.source'), sources, String(from), (value) =>
        this.#set({ source: value === '0' ? 'current' : 'prior', prior: Math.max(1, Number(value)) }),
      )}
      ${wordsField(this.#spec('words', 'hangrule.cell.words', { hint: t('hangrule.cell.words.hint') }), cell.words, (words) => this.#set({ words }))}
      ${textField(this.#spec('modality', 'hangrule.cell.modality'), cell.modality, (text) => this.#set({ modality: text.toUpperCase() }))}
      ${textField(this.#spec('view', 'hangrule.view', { list: 'views' }), cell.view, (text) => this.#set({ view: text.toUpperCase() }))}
      ${choiceField(this.#spec('laterality', 'hangrule.side'), sideChoices(), cell.laterality, (value) => this.#set({ laterality: value as Side }))}
      ${choiceField(this.#spec('orientation', 'hangrule.orientation'), [{ value: '', label: t('hangrule.any') }, ...planeChoices()], cell.orientation, (value) =>
        this.#set({ orientation: value as Plane | '' }),
      )}
      ${numberField(this.#spec('phase', 'hangrule.phase', { hint: t('hangrule.any'), least: 1, most: 99 }), cell.phase, (phase) => this.#set({ phase }))}
      ${numberField(this.#spec('series', 'hangrule.series', { hint: t('hangrule.any'), least: 1, most: 100 }), cell.series === null ? null : cell.series + 1, (number) =>
        this.#set({ series: number === null ? null : number - 1 }),
      )}
      ${choiceField(this.#spec('plane', 'hangrule.plane'), [{ value: '', label: t('hangrule.plane.none') }, ...planeChoices()], cell.plane ?? '', (value) =>
        this.#set({ plane: value === '' ? null : (value as Plane) }),
      )}
      ${choiceField(
        this.#spec('group', 'hangrule.group'),
        GROUPS.map((value) => ({ value, label: value || t('hangrule.group.none') })),
        cell.group,
        (value) => this.#set({ group: value as Group }),
      )}
      ${this.#window(cell.window)}
      <datalist id="views">${VIEWS.map((view) => html`<option value=${view}></option>`)}</datalist>
    </div>`;
  }

  #window(window: Voi | null): TemplateResult {
    const preset = presetOf(window);
    const choices = [
      { value: '', label: t('hangrule.window.image') },
      ...CT_PRESETS.map(({ key, name, width, center }) => ({ value: key, label: `${t(name)} ${t('viewer.wl', { width, center })}` })),
      { value: OWN_WINDOW, label: t('hangrule.window.own') },
    ];
    const set = (change: Partial<Voi>): void => this.#set({ window: { ...(window ?? USUAL), ...change } });
    return html`${choiceField(this.#spec('preset', 'hangrule.window'), choices, preset, (value) => this.#set({ window: windowFor(value, window) }))}
    ${window === null
      ? nothing
      : html`${numberField(this.#spec('window.width', 'hangrule.window.width', { least: 1 }), window.width, (width) => set({ width: width ?? 0 }))}
        ${numberField(this.#spec('window.center', 'hangrule.window.center'), window.center, (center) => set({ center: center ?? 0 }))}`}`;
  }

  #spec<T extends object>(path: string, label: MessageKey, more?: T): FieldSpec & T {
    return { path, label: t(label), faults: this.faults, disabled: this.readonly, ...(more ?? ({} as T)) };
  }

  #set(change: Partial<HangingCell>): void {
    this.tell('change', { ...this.cell, ...change });
  }
}

export function planeChoices(): { value: Plane; label: string }[] {
  return PLANES.map((value) => ({ value, label: t(`mpr.${value}`) }));
}

export function priorName(number: number): string {
  return number === 1 ? t('hangrule.prior.latest') : t('hangrule.prior.nth', { n: number });
}

function presetOf(window: Voi | null): string {
  if (window === null) return '';
  return CT_PRESETS.find(({ width, center }) => width === window.width && center === window.center)?.key ?? OWN_WINDOW;
}

/** A window that is no preset's begins beside what was there, so that the form goes on calling it one's own. */
function windowFor(choice: string, before: Voi | null): Voi | null {
  if (choice === '') return null;
  const preset = CT_PRESETS.find(({ key }) => key === choice);
  if (preset !== undefined) return { width: preset.width, center: preset.center };
  const { width, center } = before ?? USUAL;
  return presetOf({ width, center }) === OWN_WINDOW ? { width, center } : { width: width + 1, center };
}
