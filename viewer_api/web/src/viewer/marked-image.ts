import { css, html, svg, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Mark } from '../api/quality-types.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import '../ui/study-thumbnail.ts';
import { instanceUrl } from './frames.ts';
import { markShape, markStyles } from './mark-shape.ts';

/** The image that a reader has marked, with the place; the picture of the study where none is marked or it cannot be drawn. */
@customElement('marked-image')
export class MarkedImage extends AppElement {
  @property() study = '';
  @property({ attribute: false }) mark!: Mark;
  /** Of the study; `null` while there is none. */
  @property() thumbnail: string | null = null;
  @property() modality = '';
  @state() private size: { width: number; height: number } | null = null;
  @state() private failed = false;

  static override styles = [
    base,
    markStyles,
    css`
      :host {
        display: block;
      }
      figure {
        position: relative;
        width: fit-content;
        max-width: 100%;
        margin: 0;
        background: #000;
        border-radius: 4px;
        overflow: hidden;
      }
      img {
        display: block;
        max-width: 100%;
        max-height: var(--marked-height, 420px);
      }
      study-thumbnail {
        --thumbnail-size: 128px;
        max-width: 100%;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
    `,
  ];

  override render(): TemplateResult {
    const { series_instance_uid: series, sop_instance_uid: sop } = this.mark;
    const exact = series !== null && sop !== null && !this.failed;
    if (!exact) {
      return html`<figure data-testid="marked-image" data-exact="false">
        <study-thumbnail .src=${this.thumbnail} .modality=${this.modality}></study-thumbnail>
      </figure>`;
    }
    const source = `${instanceUrl(this.study, series, sop)}/frames/${this.mark.frame ?? 1}/rendered`;
    return html`<figure data-testid="marked-image" data-exact="true">
      <img src=${source} alt=${t('retakes.marked')} @load=${this.#loaded} @error=${() => (this.failed = true)} />
      ${this.size !== null && this.mark.region !== null ? this.#place(this.size) : nothing}
    </figure>`;
  }

  #place({ width, height }: { width: number; height: number }): TemplateResult {
    const box = { x: 0, y: 0, width, height };
    return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">
      ${this.mark.region === null ? nothing : svg`${markShape(this.mark.shape ?? 'rectangle', this.mark.region, box)}`}
    </svg>`;
  }

  #loaded(event: Event): void {
    const { clientWidth: width, clientHeight: height } = event.target as HTMLImageElement;
    this.size = { width, height };
  }
}
