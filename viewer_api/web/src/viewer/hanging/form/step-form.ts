import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import { LAYOUT_NAMES, LAYOUTS, type LayoutName } from '../../stage/layouts.ts';
import { allCells, ONE_CELL, relaid, withCell } from '../drafting.ts';
import type { HangingCell, HangingStep } from '../hanging-api.ts';
import { ANY, type Allotted } from '../protocols.ts';
import { faultOf, faultsAt, NO_FAULTS, type Faults } from './faults.ts';
import { ruleFormStyles } from './form-styles.ts';
import './cell-form.ts';
import './step-grid.ts';

/** A layout and its cells. Fires `change` with the step. */
@customElement('hang-step-form')
export class HangStepForm extends AppElement {
  @property({ attribute: false }) step: HangingStep = ONE_CELL;
  /** What it makes of the study that is tried. */
  @property({ attribute: false }) shown: readonly Allotted[] | null = null;
  @property({ attribute: false }) faults: Faults = NO_FAULTS;
  @property({ type: Boolean }) readonly = false;
  @state() private cell = 0;
  #faultsShown: Faults = NO_FAULTS;

  static override styles = [
    base,
    controls,
    ruleFormStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .layouts {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      .layouts button {
        gap: 6px;
        min-height: 30px;
        padding: 0 8px;
        font-size: 13px;
      }
      .layouts span {
        display: grid;
        gap: 1px;
        width: 16px;
        height: 14px;
      }
      i {
        border: 1px solid currentcolor;
      }
      .parts {
        display: grid;
        grid-template-columns: minmax(240px, 2fr) minmax(0, 5fr);
        gap: 14px;
        align-items: start;
      }
      h4 {
        margin: 0 0 4px;
        font-size: 13px;
        font-weight: 600;
      }
    `,
  ];

  protected override willUpdate(): void {
    const wrong = Number(/^cells\.(\d+)\./.exec([...this.faults.keys()][0] ?? '')?.[1] ?? Number.NaN);
    if (this.#faultsShown !== this.faults && Number.isFinite(wrong)) this.cell = wrong;
    this.#faultsShown = this.faults;
    this.cell = Math.min(this.cell, allCells(this.step).length - 1);
  }

  override render(): TemplateResult {
    const { step, cell } = this;
    const beyond = faultOf(new Map([...this.faults].filter(([path]) => path === 'cells' || path === 'layout')), 'cells');
    return html`<div class="layouts" role="radiogroup" aria-label=${t('hangrule.layout')} data-testid="layouts">
        ${[...LAYOUT_NAMES].sort().map((name) => this.#layout(name))}
      </div>
      ${beyond === '' ? nothing : html`<span class="field-error">${beyond}</span>`}
      <div class="parts">
        <hang-step-grid .step=${step} .current=${cell} .shown=${this.shown} .faults=${this.faults} @pick-cell=${(event: CustomEvent<number>) => (this.cell = event.detail)}></hang-step-grid>
        <div>
          <h4>${t('hangrule.cell', { n: cell + 1 })}</h4>
          <hang-cell-form
            .cell=${step.cells[cell] ?? ANY}
            .faults=${faultsAt(this.faults, `cells.${cell}.`)}
            ?readonly=${this.readonly}
            @change=${(event: CustomEvent<HangingCell>) => {
              event.stopPropagation();
              this.tell('change', withCell(step, cell, event.detail));
            }}
          ></hang-cell-form>
        </div>
      </div>`;
  }

  #layout(name: LayoutName): TemplateResult {
    const [rows, columns] = LAYOUTS[name];
    const cells = Array.from({ length: rows * columns }, () => html`<i></i>`);
    return html`<button
      role="radio"
      aria-checked=${name === this.step.layout}
      aria-label=${t('stage.layout', { rows, columns })}
      ?disabled=${this.readonly}
      data-testid="layout-${name}"
      @click=${() => this.tell('change', relaid(this.step, name))}
    >
      <span aria-hidden="true" style="grid-template: repeat(${rows}, 1fr) / repeat(${columns}, 1fr)">${cells}</span>${rows}×${columns}
    </button>`;
  }
}
