import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import type { Upload, UploadEntry, UploadFate } from './types.ts';
import { reason } from './words.ts';

const FATES: readonly UploadFate[] = ['stored', 'taken', 'already_there', 'quarantined', 'refused'];

/** What became of everything that was sent, in words. */
@customElement('upload-outcome')
export class UploadOutcome extends AppElement {
  @property({ attribute: false }) upload: Upload | null = null;
  @property({ attribute: false }) error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .body {
        display: grid;
        gap: 10px;
        padding: 14px 16px;
      }
      .counts {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 24px;
      }
      .counts b {
        margin-right: 4px;
        font-size: 18px;
      }
      .refused b,
      .quarantined b {
        color: var(--late);
      }
      .stored b {
        color: var(--ok);
      }
      .asides {
        display: grid;
        gap: 4px;
        max-height: 220px;
        overflow: auto;
        font-size: 13px;
      }
      .asides li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr);
        gap: 12px;
      }
    `,
  ];

  override render(): TemplateResult | typeof nothing {
    if (this.error !== null) {
      return html`<p class="notice danger" role="alert">
        ${inWords(this.error)}
        <button class="small" @click=${() => this.tell('again')}>${t('upload.retry')}</button>
      </p>`;
    }
    return this.upload === null ? nothing : this.#card(this.upload);
  }

  #card({ counts, items }: Upload): TemplateResult {
    const aside = items.filter(({ fate }) => fate === 'refused' || fate === 'quarantined');
    return html`<section class="card" data-testid="upload-outcome" data-taken=${counts.taken} data-stored=${counts.stored}>
      <header><h2>${t('upload.outcome')}</h2></header>
      <div class="body" role="status">
        <p class="counts">
          ${FATES.filter((fate) => counts[fate] > 0).map(
            (fate) => html`<span class=${fate}><b class="num">${counts[fate]}</b>${t(`upload.fate.${fate}`)}</span>`,
          )}
        </p>
        ${aside.length === 0 ? nothing : this.#asides(aside)}
      </div>
    </section>`;
  }

  #asides(entries: readonly UploadEntry[]): TemplateResult {
    return html`<ul class="asides">
      ${entries.map(
        (entry) => html`<li data-testid="upload-aside">
          <span class="truncate" title=${entry.name}>${entry.name}</span><span class="muted">${reason(entry)}</span>
        </li>`,
      )}
    </ul>`;
  }
}
