import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Schemas } from '../api/routes.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';

export type KeyImage = Schemas['KeyImageOut'];

/** The frames that a signed report shows, each with its note; a click opens one large. */
@customElement('key-image-strip')
export class KeyImageStrip extends AppElement {
  @property({ attribute: false }) images: readonly KeyImage[] = [];
  /** The address of the paper with these images on it. */
  @property() paper = '';

  static override styles = [
    base,
    controls,
    css`
      .head {
        display: flex;
        gap: 10px;
        align-items: center;
        justify-content: space-between;
        margin-bottom: 6px;
      }
      h3 {
        color: var(--muted);
        font-size: 13px;
        font-weight: 500;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
      }
      li {
        width: 132px;
      }
      img {
        display: block;
        width: 132px;
        height: 132px;
        object-fit: contain;
        background: #000;
        border-radius: 4px;
      }
      span {
        font-size: 13px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.images.length === 0) return nothing;
    return html`<section data-testid="key-images">
      <div class="head">
        <h3>${t('key.images')}</h3>
        <a class="button" href=${this.paper} target="_blank" rel="noopener">${t('key.pdf')}</a>
      </div>
      <ul>
        ${this.images.map(
          ({ number, note, picture }) =>
            html`<li>
              <a href=${picture} target="_blank" rel="noopener"
                ><img src="${picture}&size=264" loading="lazy" alt=${note || `${t('key.images')} ${number}`}
              /></a>
              <span>${number}. ${note}</span>
            </li>`,
        )}
      </ul>
    </section>`;
  }
}
