import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { placeMark, type MarkShape } from './marks.ts';

const SHAPES = ['rectangle', 'arrow'] as const;

/** To mark a place in an image for the clinic. Fires `mark-shape`, with `null` to end it. */
@customElement('mark-buttons')
export class MarkButtons extends AppElement {
  @property({ attribute: false }) marking: MarkShape | null = null;

  static override styles = [base, controls];

  constructor() {
    super();
    this.watch(placeMark);
  }

  override render(): TemplateResult {
    return html`${SHAPES.map(
      (shape) =>
        html`<button
          class="small quiet"
          data-testid="mark-${shape}"
          title=${t('marks.hint')}
          aria-pressed=${this.marking === shape}
          @click=${() => this.tell('mark-shape', this.marking === shape ? null : shape)}
        >
          ${t(`marks.${shape}`)}
        </button>`,
    )}
    ${placeMark.value === null
      ? nothing
      : html`<button class="small quiet" data-testid="mark-remove" @click=${() => placeMark.set(null)}>${t('marks.remove')}</button>`}`;
  }
}
