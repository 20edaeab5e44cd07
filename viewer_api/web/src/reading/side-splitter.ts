import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';

const STEP = 24;

/** The edge between the images and the report: drawn with the mouse, moved with the arrow keys. Fires `width-change` with pixels. */
@customElement('side-splitter')
export class SideSplitter extends AppElement {
  /** Of what is at its right, in CSS pixels. */
  @property({ type: Number }) width = 0;
  @property({ type: Number }) least = 320;
  @property({ type: Number }) most = 900;

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        z-index: 5;
        width: 0;
      }
      div {
        position: absolute;
        inset: 0 -4px;
        cursor: col-resize;
        touch-action: none;
      }
      div:hover,
      div:focus-visible,
      div.drawn {
        background: linear-gradient(90deg, transparent 3px, var(--accent) 3px 5px, transparent 5px);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${t('read.width')}
      aria-valuenow=${this.width}
      aria-valuemin=${this.least}
      aria-valuemax=${this.most}
      data-testid="side-splitter"
      @pointerdown=${this.#hold}
      @pointermove=${this.#draw}
      @keydown=${this.#keydown}
    ></div>`;
  }

  #hold(event: PointerEvent): void {
    (event.target as HTMLElement).setPointerCapture(event.pointerId);
  }

  #draw(event: PointerEvent): void {
    const edge = event.target as HTMLElement;
    if (!edge.hasPointerCapture(event.pointerId)) return;
    this.#set(this.width + this.getBoundingClientRect().x - event.clientX);
  }

  #keydown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.#set(this.width + step);
  }

  #set(width: number): void {
    this.tell('width-change', Math.round(Math.max(this.least, Math.min(this.most, width))));
  }
}
