import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Quarantined } from '../api/quarantine-types.ts';
import { bytes } from '../health/check-words.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName } from '../lib/patient.ts';
import { fullMoment, moment } from '../lib/time.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

/** What was kept aside: what it is, why, from whom, since when. Fires `pick` with a number. */
@customElement('desk-table')
export class DeskTable extends AppElement {
  @property({ attribute: false }) items: readonly Quarantined[] = [];
  @property({ type: Number }) picked = 0;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      li {
        display: block;
      }
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 2px 12px;
        width: 100%;
        min-height: 0;
        padding: 9px 16px;
        border: 0;
        border-top: 1px solid var(--line);
        border-left: 3px solid transparent;
        border-radius: 0;
        text-align: left;
        white-space: normal;
        line-height: 1.4;
        align-items: baseline;
        justify-content: stretch;
      }
      .row[aria-current] {
        border-left-color: var(--accent);
        background: var(--accent-soft);
      }
      .what {
        display: flex;
        gap: 6px;
        align-items: center;
        min-width: 0;
      }
      small {
        color: var(--muted);
      }
      .why {
        color: var(--late);
      }
      .done {
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<ul>
      ${this.items.map((item) => html`<li>${this.#row(item)}</li>`)}
    </ul>`;
  }

  #row(item: Quarantined): TemplateResult {
    const from = [localName(item.institution_name, item.institution_name_en), item.ae_title].filter((part) => part !== '');
    const pick = (): void => this.tell('pick', item.id);
    return html`<button
      class="row"
      data-testid="quarantine-row"
      data-id=${item.id}
      data-reason=${item.reason}
      aria-current=${item.id === this.picked ? 'true' : nothing}
      @click=${pick}
    >
      <span class="what">
        ${item.modality === '' ? nothing : modalityBadge(item.modality)}
        <b>${item.patient === null ? t('quarantine.unreadable') : personName(item.patient.name)}</b>
        <span class="truncate muted">${item.description}</span>
      </span>
      <small class="num">${moment(item.received_at, now.value)}</small>
      <span class=${item.resolved_at === null ? 'why' : 'done'}>${word('health.reason', item.reason)}${pixelWords(item)}</span>
      <small class="num">${bytes(item.size)}</small>
      <small class="truncate">${from.join(' · ')}${exam(item)}</small>
      <small>${status(item)}</small>
    </button>`;
  }
}

/** What comparing the pixels found, for an object in another encoding. */
export function pixelWords(item: Quarantined): string {
  if (item.pixels !== null) return ` · ${t(`pixels.${item.pixels}`)}`;
  return item.reason === 'other_encoding' && item.resolved_at === null ? ` · ${t('pixels.pending')}` : '';
}

function exam(item: Quarantined): string {
  return item.exam_started_at === null ? '' : ` · ${fullMoment(item.exam_started_at)}`;
}

function status(item: Quarantined): string {
  if (item.decision !== null && item.resolved_at !== null) return t(`quarantine.decision.${item.decision}`);
  return item.attempts > 1 ? t('quarantine.attempts', { n: item.attempts }) : '';
}
