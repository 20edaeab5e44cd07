import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Health, HealthCheck, ProcessHealth } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';
import { ago, moment } from '../lib/time.ts';
import { links } from '../router.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { icon, type IconName } from '../ui/icons.ts';
import { base, surfaces } from '../ui/styles.ts';
import { checkDetail, checkName, facts } from './check-words.ts';

const ICONS: Readonly<Record<HealthCheck['status'], IconName>> = { ok: 'check', degraded: 'late', down: 'breached' };

/** Checks, processes and counts at a glance. */
@customElement('health-overview')
export class HealthOverview extends AppElement {
  @property({ attribute: false }) health!: Health;

  static override styles = [
    base,
    surfaces,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .status {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 14px 16px;
        font-size: 18px;
        font-weight: 600;
      }
      .ok {
        color: var(--ok);
      }
      .degraded {
        color: var(--late);
      }
      .down {
        color: var(--danger);
      }
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(140px, 1fr));
        gap: 10px;
      }
      .tile {
        padding: 10px 14px;
      }
      .tile b {
        display: block;
        font-size: 24px;
        font-weight: 600;
        line-height: 1.2;
      }
      .two {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(380px, 1fr));
        gap: 16px;
        align-items: start;
      }
      li {
        display: grid;
        grid-template-columns: 22px minmax(90px, 1fr) 2fr;
        gap: 8px;
        padding: 8px 16px;
        border-bottom: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 0;
      }
      small {
        display: block;
        color: var(--muted);
      }
      @media (max-width: 480px) {
        .two {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    const { status, counts, checks, processes } = this.health;
    return html`
      <div class="card status ${status}" role="status" data-testid="health-status" data-status=${status}>
        ${icon(ICONS[status], 22)}${t(`health.status.${status}`)}
      </div>
      <div class="tiles" aria-label=${t('health.counts')}>
        ${Object.entries(counts).map(
          ([name, count]) => html`<div class="card tile"><b class="num">${count}</b><span class="muted">${word('health.count', name)}</span></div>`,
        )}
      </div>
      <div class="two">
        <section class="card">
          <header><h2>${t('health.checks')}</h2></header>
          <ul>
            ${checks.map((check) => this.#check(check))}
          </ul>
        </section>
        <section class="card">
          <header><h2>${t('health.processes')}</h2></header>
          <ul>
            ${processes.map((process) => this.#process(process))}
          </ul>
        </section>
      </div>
    `;
  }

  #check(check: HealthCheck): TemplateResult {
    return html`<li>
      <span class=${check.status}>${icon(ICONS[check.status])}</span>
      <span>${checkName(check)}</span>
      <span>
        ${checkDetail(check, this.health)}
        ${check.name === 'calendar' && check.status !== 'ok'
          ? html`<a href=${links.rules('calendar')} data-testid="health-calendar">${t('health.calendar.open')}</a>`
          : nothing}
        ${check.since === null ? nothing : html`<small class="num">${t('health.since', { at: moment(check.since, now.value) })}</small>`}
      </span>
    </li>`;
  }

  #process({ process, kind, alive, seen_at, report }: ProcessHealth): TemplateResult {
    // The sweeps leave a note when they have run; they are no process that has to be there all the time.
    const runs = kind !== 'sweeps';
    const status = !runs || alive ? 'ok' : 'down';
    const words = runs ? `${t(alive ? 'health.alive' : 'health.dead')} · ` : '';
    return html`<li>
      <span class=${status}>${icon(ICONS[status])}</span>
      <span>${word('health.kind', kind)}<small>${words}${ago(seen_at, now.value)}</small></span>
      <span class="num">
        ${runs ? process : nothing}
        <small>${facts(report).map(([name, value]) => html`${name}: ${value}<br />`)}</small>
      </span>
    </li>`;
  }
}
