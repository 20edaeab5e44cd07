import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Series, StudyDetail } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { examMoment, fullMoment } from '../lib/time.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';
import { dragSeries, endDrag, type DraggedSeries } from './stage/dragged-series.ts';
import '../ui/study-thumbnail.ts';

/** The series of a study, to be chosen or dragged into a cell. Fires `pick-series`. */
@customElement('series-strip')
export class SeriesStrip extends AppElement {
  @property({ attribute: false }) study!: StudyDetail;
  /** The earlier studies that are looked at beside it. */
  @property({ attribute: false }) priors: readonly StudyDetail[] = [];
  /** The series in the active cell. */
  @property() current = '';

  static override styles = [
    base,
    css`
      :host {
        --thumbnail-size: 84px;
        overflow: auto;
        background: var(--surface);
        border-right: 1px solid var(--line);
      }
      div {
        display: flex;
        flex-direction: column;
        gap: 8px;
        padding: 8px;
      }
      button {
        position: relative;
        display: block;
        width: 88px;
        flex: none;
        padding: 2px;
        border: 0;
        border-radius: 6px;
        background: none;
        color: var(--muted);
        font: inherit;
        font-size: 12px;
        line-height: 1.35;
        text-align: left;
        cursor: pointer;
      }
      button[aria-selected='true'] {
        background: var(--accent-soft);
        box-shadow: 0 0 0 2px var(--accent);
        color: var(--text);
      }
      button:hover:not([aria-selected='true']) {
        background: var(--line-strong);
        color: var(--text);
      }
      .count {
        position: absolute;
        right: 4px;
        top: 66px;
        padding: 0 5px;
        border-radius: 3px;
        background: rgb(0 0 0 / 70%);
        color: #e2e8ee;
        font-variant-numeric: tabular-nums;
      }
      .rejected {
        position: absolute;
        top: 3px;
        left: 3px;
        padding: 0 5px;
        border-radius: 3px;
        background: var(--danger);
        color: var(--on-accent);
        font-size: 12px;
      }
      .prior {
        width: 88px;
        padding: 4px 3px;
        border-top: 3px solid #c98a12;
        color: #e0a63a;
        font-size: 12px;
        line-height: 1.4;
      }
      .name {
        display: block;
        padding: 3px 3px 1px;
      }
      @media (max-width: 720px) {
        :host {
          --thumbnail-size: 60px;
          border-right: 0;
          border-bottom: 1px solid var(--line);
        }
        div {
          flex-direction: row;
        }
        button {
          width: 64px;
        }
        .count {
          top: 42px;
        }
      }
    `,
  ];

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  override render(): TemplateResult {
    return html`<div role="listbox" aria-label=${t('viewer.series')}>
      ${this.study.series_list.map((series, index) => this.#thumb(this.study, series, index))}
      ${this.priors.map(
        (prior) =>
          html`<span class="prior">${t('stage.prior')}<br />${examMoment(prior, fullMoment(prior.first_received_at))}</span>
            ${prior.series_list.map((series, index) => this.#thumb(prior, series, index))}`,
      )}
    </div>`;
  }

  #thumb(study: StudyDetail, series: Series, index: number): TemplateResult {
    const n = series.number ?? index + 1;
    const kind = t(`viewer.${series.kind === 'image' ? 'series' : series.kind}`);
    const name = series.description || `${kind} ${n}`;
    const label = t('viewer.series.label', { n, description: series.description || kind });
    const dragged: DraggedSeries = { study: study.study_instance_uid, series: series.series_instance_uid };
    return html`<button
      role="option"
      draggable="true"
      aria-selected=${series.series_instance_uid === this.current}
      aria-label="${label}, ${t('viewer.images', { n: series.instances })}"
      title=${label}
      data-testid="series-thumb"
      data-series-uid=${series.series_instance_uid}
      data-kind=${series.kind}
      @click=${() => this.tell('pick-series', dragged)}
      @dragstart=${(event: DragEvent) => dragSeries(event, dragged)}
      @dragend=${endDrag}
    >
      <study-thumbnail .src=${series.thumbnail} .modality=${series.modality}></study-thumbnail>
      <span class="count">${series.instances}</span>
      ${series.rejected > 0 ? html`<span class="rejected" data-testid="series-rejected">${rejectedWords(series)}</span>` : nothing}
      <span class="name truncate">${name}</span>
    </button>`;
  }
}

function rejectedWords({ rejected, instances }: Series): string {
  return rejected >= instances ? t('viewer.rejected') : t('viewer.rejected.some', { n: rejected });
}
