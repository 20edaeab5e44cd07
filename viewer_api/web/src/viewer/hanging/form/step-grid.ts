import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../../../i18n/index.ts';
import { AppElement } from '../../../ui/element.ts';
import { base, controls } from '../../../ui/styles.ts';
import { LAYOUTS } from '../../stage/layouts.ts';
import { allCells, ONE_CELL } from '../drafting.ts';
import type { HangingCell, HangingStep } from '../hanging-api.ts';
import type { Allotted } from '../protocols.ts';
import { priorName } from './cell-form.ts';
import { NO_FAULTS, type Faults } from './faults.ts';

/** A step as a picture of its cells, one of which is edited. Fires `pick-cell` with its number. */
@customElement('hang-step-grid')
export class HangStepGrid extends AppElement {
  @property({ attribute: false }) step: HangingStep = ONE_CELL;
  @property({ type: Number }) current = 0;
  /** What it makes of the study that is tried. */
  @property({ attribute: false }) shown: readonly Allotted[] | null = null;
  @property({ attribute: false }) faults: Faults = NO_FAULTS;

  static override styles = [
    base,
    controls,
    css`
      .grid {
        display: grid;
        gap: 3px;
        height: 210px;
        padding: 3px;
        border-radius: 8px;
        background: #05090d;
      }
      button {
        display: grid;
        align-content: start;
        justify-content: start;
        justify-items: start;
        gap: 1px;
        min-width: 0;
        min-height: 0;
        height: 100%;
        overflow: hidden;
        padding: 5px 8px;
        border-radius: 3px;
        border-color: #33424f;
        background: #10181f;
        color: #c6d2dc;
        font-size: 12px;
        line-height: 1.35;
        text-align: left;
        white-space: normal;
      }
      button:hover:not(:disabled) {
        background: #1b2833;
      }
      button[aria-checked='true'] {
        border-color: #7fc4f0;
        box-shadow: inset 0 0 0 1px #7fc4f0;
        color: #fff;
      }
      button.wrong {
        border-color: #ff7b72;
      }
      b {
        color: #8fa2b2;
        font-weight: 500;
      }
      .hung {
        color: #8fe0a4;
      }
    `,
  ];

  override render(): TemplateResult {
    const [rows, columns] = LAYOUTS[this.step.layout];
    return html`<div
      class="grid"
      role="radiogroup"
      aria-label=${t('hangrule.cells')}
      style="grid-template: repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))"
      @keydown=${this.#keydown}
    >
      ${allCells(this.step).map((cell, at) => this.#cell(cell, at))}
    </div>`;
  }

  #cell(cell: HangingCell, at: number): TemplateResult {
    const isWrong = [...this.faults.keys()].some((path) => path.startsWith(`cells.${at}.`));
    return html`<button
      role="radio"
      aria-checked=${at === this.current}
      tabindex=${at === this.current ? 0 : -1}
      class=${isWrong ? 'wrong' : ''}
      data-testid="cell-${at}"
      @click=${() => this.tell('pick-cell', at)}
    >
      <b>${t('hangrule.cell', { n: at + 1 })}${isWrong ? html`<span class="sr-only"> ${t('hangrule.wrong')}</span>` : nothing}</b>
      <span>${cellWords(cell)}</span>
      ${this.shown === null ? nothing : html`<span class="hung" data-testid="hung-${at}">→ ${shownWords(this.shown[at])}</span>`}
    </button>`;
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    const [, columns] = LAYOUTS[this.step.layout];
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = this.current + by;
    if (to < 0 || to >= allCells(this.step).length) return;
    this.tell('pick-cell', to);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-checked=true]')?.focus());
  };
}

/** What a cell asks for, in short. */
export function cellWords(cell: HangingCell): string {
  const { source, prior, modality, series, view, laterality, orientation, words, phase, plane, window, group } = cell;
  const said = [
    source === 'prior' ? priorName(prior) : '',
    modality,
    words.join(' / '),
    view,
    laterality === '' ? '' : t(`hangrule.side.${laterality}`),
    orientation === '' ? '' : t(`mpr.${orientation}`),
    phase === null ? '' : t('hangrule.phase.short', { n: phase }),
    series === null ? '' : t('hangrule.series.short', { n: series + 1 }),
    plane === null ? '' : `MPR ${t(`mpr.${plane}`)}`,
    window === null ? '' : t('viewer.wl', window as unknown as Record<string, number>),
    group === '' ? '' : t('hangrule.group.short', { group }),
  ];
  return said.filter((one) => one !== '').join(' · ') || t('hangrule.cell.next');
}

function shownWords(allotted: Allotted | undefined): string {
  if (allotted === undefined || allotted.slot === null) return t('hangrule.cell.empty');
  const { series, start } = allotted.slot;
  const picture = start > 0 ? ` #${start + 1}` : '';
  const name = `${series.modality} ${series.description || t('hangrule.series.short', { n: series.number ?? '?' })}${picture}`;
  return allotted.isFound ? name : t('hangrule.cell.left', { name });
}
