import { css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { duration, fullMoment, moment } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { MILESTONES, type GreenCase, type Milestone } from './green-api.ts';

/** Characters of `YYYY-MM-DDTHH:MM`. */
const LOCAL = 16;

/** The moments of a case from onset to treatment; one that was not told yet can be. Fires `tell` with name and time. */
@customElement('milestone-line')
export class MilestoneLine extends AppElement {
  @property({ attribute: false }) case!: GreenCase;
  @property({ type: Boolean }) busy = false;
  @state() private editing: Milestone | null = null;

  static override styles = [
    base,
    controls,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(6, minmax(0, 1fr));
        gap: 8px;
      }
      li {
        display: grid;
        gap: 2px;
        align-content: start;
        padding: 8px 10px;
        border: 1px solid var(--line);
        border-top: 3px solid var(--line-strong);
        border-radius: 6px;
      }
      li.told {
        border-top-color: var(--ok);
      }
      b {
        font-size: 17px;
        font-weight: 600;
      }
      small {
        color: var(--muted);
      }
      form {
        display: grid;
        gap: 6px;
      }
      input {
        width: 100%;
        min-width: 0;
        padding: 0 4px;
      }
      @media (max-width: 1000px) {
        ol {
          grid-template-columns: repeat(3, minmax(0, 1fr));
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<ol>
      ${MILESTONES.map((name) => this.#milestone(name))}
    </ol>`;
  }

  #milestone(name: Milestone): TemplateResult {
    const told = this.case.milestones.find((one) => one.name === name);
    return html`<li class=${told === undefined ? '' : 'told'} data-testid="milestone-${name}">
      <span>${t(`green.milestone.${name}`)}</span>
      ${told === undefined
        ? this.#missing(name)
        : html`<b class="num" title=${fullMoment(told.at)}>${moment(told.at, now.value)}</b>
            <small class="num">${this.#after(told.at)}</small><small class="truncate">${t('green.milestone.by', { by: told.recorded_by })}</small>`}
    </li>`;
  }

  /** How long after the first moment of the case. */
  #after(at: string): string {
    const first = Math.min(...this.case.milestones.map((one) => Date.parse(one.at)));
    const span = Date.parse(at) - first;
    return span === 0 ? '' : t('green.milestone.after', { time: duration(span) });
  }

  #missing(name: Milestone): TemplateResult {
    if (this.case.closed_at !== null) return html`<small>${t('green.milestone.missing')}</small>`;
    if (this.editing !== name) {
      return html`<button class="small" data-testid="tell-${name}" @click=${() => (this.editing = name)}>${t('green.milestone.add')}</button>`;
    }
    return html`<form @submit=${(event: SubmitEvent) => this.#send(event, name)}>
      <input
        type="datetime-local"
        name="at"
        required
        aria-label=${t('green.milestone.at')}
        .defaultValue=${localTime(now.value)}
      />
      <button class="small primary" data-testid="save-${name}" ?disabled=${this.busy}>${t('green.milestone.save')}</button>
      <button type="button" class="small quiet" @click=${() => (this.editing = null)}>${t('app.cancel')}</button>
    </form>`;
  }

  #send(event: SubmitEvent, name: Milestone): void {
    event.preventDefault();
    const at = new FormData(event.target as HTMLFormElement).get('at');
    if (typeof at !== 'string' || at === '') return;
    this.editing = null;
    this.tell('tell', { name, at: new Date(at).toISOString() });
  }
}

/** As a `datetime-local` field wants it, in this PC's time zone. */
function localTime(ms: number): string {
  const here = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, LOCAL);
}
