import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { placeMark, type MarkShape } from './marks.ts';

const SHAPES = ['rectangle', 'arrow'] as const;
const SIGNS = { rectangle: 'mark_area', arrow: 'mark_arrow' } as const;

/** To mark a place in an image for the clinic. Fires `mark-shape`, with `null` to end it. */
@customElement('mark-buttons')
export class MarkButtons extends AppElement {
  @property({ attribute: false }) marking: MarkShape | null = null;

  static override styles = [
    base,
    controls,
    css`
      .place {
        width: 28px;
        padding: 0;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(placeMark);
  }

  override render(): TemplateResult {
    return html`${SHAPES.map(
      (shape) =>
        html`<button
          class="small quiet place"
          data-testid="mark-${shape}"
          title="${t(`marks.${shape}`)} · ${t('marks.hint')}"
          aria-label=${t(`marks.${shape}`)}
          aria-pressed=${this.marking === shape}
          @click=${() => this.tell('mark-shape', this.marking === shape ? null : shape)}
        >
          ${icon(SIGNS[shape])}
        </button>`,
    )}
    ${placeMark.value === null
      ? nothing
      : html`<button class="small quiet" data-testid="mark-remove" @click=${() => placeMark.set(null)}>${t('marks.remove')}</button>`}`;
  }
}
