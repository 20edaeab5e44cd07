import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { deadline, type Clocks, type Standing } from '../lib/sla.ts';
import { countdown, moment } from '../lib/time.ts';
import { now } from './clock.ts';
import { AppElement } from './element.ts';
import { icon, type IconName } from './icons.ts';
import { base } from './styles.ts';

const ICONS: Readonly<Record<Standing, IconName>> = {
  on_time: 'clock',
  soon: 'soon',
  late: 'late',
  breached: 'breached',
  paused: 'paused',
  done: 'check',
  none: 'clock',
};

/** When a case is due, counting down; told by words and a sign besides the colour. */
@customElement('due-clock')
export class DueClock extends AppElement {
  @property({ attribute: false }) task!: Clocks;
  /** One line, for headers. */
  @property({ type: Boolean, reflect: true }) compact = false;

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
      }
      .clock {
        display: flex;
        align-items: flex-start;
        gap: 6px;
        color: var(--ok);
        line-height: 1.3;
        white-space: nowrap;
      }
      .clock svg {
        margin-top: 1px;
      }
      b {
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      small {
        display: block;
        color: var(--muted);
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }
      .soon {
        color: var(--soon);
      }
      .late {
        color: var(--late);
      }
      .breached {
        color: var(--danger);
      }
      .paused,
      .done,
      .none {
        color: var(--muted);
      }
      :host([compact]) small {
        display: inline;
        margin-left: 6px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    const { standing, leftMs } = deadline(this.task, now.value);
    return html`<span class="clock ${standing}" data-sla=${standing}>
      ${icon(ICONS[standing], 16)}
      <span><b>${this.#headline(standing, leftMs)}</b>${this.#detail(standing)}</span>
    </span>`;
  }

  #headline(standing: Standing, leftMs: number): string {
    if (standing === 'paused' || standing === 'done' || standing === 'none') return t(`sla.${standing}`);
    return t(leftMs >= 0 ? 'sla.left' : 'sla.over', { time: countdown(leftMs) });
  }

  #detail(standing: Standing): TemplateResult | typeof nothing {
    if (standing === 'paused' || standing === 'done' || standing === 'none') return nothing;
    const late = standing === 'late' || standing === 'breached';
    const at = moment(late ? this.task.limit_at : this.task.due_at, now.value);
    const words = standing === 'on_time' ? '' : `${t(`sla.${standing}`)} · `;
    return html`<small>${words}${t(late ? 'sla.limit' : 'sla.due', { at })}</small>`;
  }
}
