import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Reason, Retake } from '../api/quality-types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { personName } from '../lib/patient.ts';
import { moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { quality } from '../session.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { examName } from '../worklist/exam-name.ts';
import '../viewer/marked-image.ts';

/** One order to take images again: why, how, the marked image, and until when. With `full` it is the page of its study. */
@customElement('retake-card')
export class RetakeCard extends AppElement {
  @property({ attribute: false }) order!: Retake;
  @property({ type: Boolean }) full = false;
  @state() private reasons: readonly Reason[] = [];

  static override styles = [
    base,
    controls,
    badgeStyles,
    css`
      article {
        display: grid;
        grid-template-columns: 132px minmax(0, 1fr) auto;
        gap: 4px 16px;
        padding: 12px 16px;
        border-top: 1px solid var(--line);
      }
      marked-image {
        grid-row: span 4;
        --marked-height: 132px;
      }
      .why b {
        color: var(--late);
      }
      .how {
        white-space: pre-wrap;
      }
      small {
        color: var(--muted);
      }
      .right {
        text-align: right;
      }
      @media (max-width: 720px) {
        article {
          grid-template-columns: 96px minmax(0, 1fr);
        }
        .right {
          grid-column: 2;
          text-align: left;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void quality
      .rules()
      .then(({ reasons }) => (this.reasons = reasons))
      .catch(() => undefined);
  }

  override render(): TemplateResult {
    const { order } = this;
    return html`<article data-testid="retake" data-retake=${order.id} data-state=${order.state}>
      ${this.#picture()}
      <span>
        ${modalityBadge(order.modality)}
        ${this.full ? nothing : html`<b>${personName(order.patient.name)}</b> ${examName(order)}`}
        <small class="num">${[order.device, order.operator].filter((one) => one !== '').join(' · ')}</small>
      </span>
      <span class="right">${this.#open()}</span>
      <span class="why"><b>${this.#reason()}</b> ${order.reason}</span>
      <small class="right num">${t('retakes.answer_by', { at: moment(order.answer_by, now.value) })}</small>
      ${order.guidance === ''
        ? html`<span></span>`
        : html`<span class="how" data-testid="retake-guidance"><small>${t('retakes.guidance')}:</small> ${order.guidance}</span>`}
      <small class="right num">${this.#seen()}</small>
    </article>`;
  }

  #picture(): TemplateResult {
    const { study_instance_uid: study, marked, thumbnail, modality } = this.order;
    return html`<marked-image .study=${study} .mark=${marked} .thumbnail=${thumbnail} .modality=${modality}></marked-image>`;
  }

  #open(): TemplateResult | typeof nothing {
    if (this.full) return nothing;
    return html`<a class="button primary" data-testid="retake-open" href=${links.clinicStudy(this.order.study_instance_uid)}>
      ${t('retakes.open')}
    </a>`;
  }

  #reason(): string {
    const known = this.reasons.find(({ code }) => code === this.order.reason_code);
    return known === undefined ? word('retake', this.order.reason_code) : localName(known.zh, known.en);
  }

  #seen(): string {
    const { seen_at, seen_by_name } = this.order;
    return seen_at === null ? t('retakes.unseen') : t('retakes.seen', { name: seen_by_name, at: moment(seen_at, now.value) });
  }
}
