import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { reportReachable } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Health } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { links } from '../router.ts';
import { api } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../health/health-overview.ts';
import '../notices/dead-letter-list.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 10_000;

/** For those who run the centre: what works, what waits for a person, who sends. */
@customElement('health-page')
export class HealthPage extends AppElement {
  @state() private health: Health | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1280px;
        margin: 0 auto;
        padding: 16px;
      }
      .quarantine {
        display: flex;
        gap: 16px;
        align-items: center;
        padding: 10px 16px;
      }
      .quarantine span {
        flex: 1;
        color: var(--muted);
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), EVERY_MS);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('health.title')}</h1>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.health === null
          ? html`<p class="empty">${this.error === null ? t('app.loading') : nothing}</p>`
          : html`<health-overview .health=${this.health}></health-overview>
              <dead-letter-list .count=${this.health.counts['dead_letters'] ?? 0}></dead-letter-list>
              <section class="card quarantine" data-testid="quarantine">
                <h2>${t('health.quarantine')}</h2>
                <span>${t('health.quarantine.count', { n: this.health.counts['quarantine'] ?? 0 })}</span>
                <a class="button" href=${links.quarantine()}>${t('health.quarantine.open')}</a>
              </section>
              <section class="card quarantine" data-testid="devices">
                <h2>${t('health.devices.title')}</h2>
                <span>${this.#refused(this.health.counts['unknown_callers'] ?? 0)}</span>
                <a class="button" href=${links.devices}>${t('health.devices')}</a>
              </section>`}
      </div>`;
  }

  #refused(callers: number): string {
    return callers === 0 ? t('health.devices.fine') : t('health.devices.refused', { n: callers });
  }

  async #load(): Promise<void> {
    try {
      this.health = await api.health();
      this.error = null;
      reportReachable(true);
    } catch (error) {
      const unreachable = error instanceof ApiError && error.isUnreachable;
      reportReachable(!unreachable);
      this.error = unreachable && this.health !== null ? null : error;
    }
  }
}
