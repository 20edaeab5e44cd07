import { css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { AppElement } from './element.ts';
import { icon } from './icons.ts';
import { base } from './styles.ts';

/** A study's or series' small picture; a sign of its kind while there is none. */
@customElement('study-thumbnail')
export class StudyThumbnail extends AppElement {
  @property() src: string | null = null;
  @property() modality = '';
  @state() private failed: string | null = null;

  static override styles = [
    base,
    css`
      :host {
        width: var(--thumbnail-size, 46px);
        height: var(--thumbnail-size, 46px);
        border-radius: 4px;
        overflow: hidden;
        background: #05070a;
      }
      div,
      img {
        display: grid;
        place-items: center;
        width: 100%;
        height: 100%;
        object-fit: contain;
        color: #5b6976;
      }
    `,
  ];

  override render(): TemplateResult {
    if (this.src === null || this.src === '' || this.failed === this.src) {
      return html`<div>${icon(this.modality === 'ECG' ? 'ecg' : 'image', 20)}</div>`;
    }
    return html`<img src=${this.src} alt="" loading="lazy" decoding="async" @error=${() => (this.failed = this.src)} />`;
  }
}
