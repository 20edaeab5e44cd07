import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { reportReachable } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Device, Health, UnknownCaller } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { links } from '../router.ts';
import { api } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { MODALITIES } from '../worklist/filter.ts';
import '../health/device-tables.ts';
import '../health/health-overview.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 10_000;

/** For those who run the centre: what works, what waits for a person, who sends. */
@customElement('health-page')
export class HealthPage extends AppElement {
  @state() private health: Health | null = null;
  @state() private callers: readonly UnknownCaller[] = [];
  @state() private devices: readonly Device[] = [];
  @state() private error: unknown = null;
  #timer: ReturnType<typeof setInterval> | undefined;

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

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
    this.#timer = setInterval(() => void this.#load(), EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('health.title')}</h1>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.health === null
          ? html`<p class="empty">${this.error === null ? t('app.loading') : nothing}</p>`
          : html`<health-overview .health=${this.health}></health-overview>
              <section class="card quarantine" data-testid="quarantine">
                <h2>${t('health.quarantine')}</h2>
                <span>${t('health.quarantine.count', { n: this.health.counts['quarantine'] ?? 0 })}</span>
                <a class="button" href=${links.quarantine()}>${t('health.quarantine.open')}</a>
              </section>
              <device-tables
                .devices=${this.devices}
                .callers=${this.callers}
                @accept=${(event: CustomEvent<UnknownCaller>) => this.#accept(event.detail)}
              ></device-tables>`}
      </div>`;
  }

  async #load(): Promise<void> {
    try {
      const [health, callers, devices] = await Promise.all([
        api.health(),
        api.unknownCallers(),
        api.devices(),
      ]);
      this.health = health;
      this.callers = callers.items;
      this.devices = devices.items;
      this.error = null;
      reportReachable(true);
    } catch (error) {
      const unreachable = error instanceof ApiError && error.isUnreachable;
      reportReachable(!unreachable);
      this.error = unreachable && this.health !== null ? null : error;
    }
  }

  async #accept(caller: UnknownCaller): Promise<void> {
    const answers = await ask({
      title: t('health.callers.accept.title', { ae: caller.ae_title }),
      fields: [
        {
          name: 'institution',
          label: t('health.callers.institution'),
          kind: 'text',
          hint: t('health.callers.institution.hint'),
          value: guessInstitution(caller.ae_title, this.devices),
          required: true,
        },
        { name: 'name', label: t('health.callers.name'), kind: 'text', value: caller.ae_title },
        {
          name: 'modality',
          label: t('health.callers.modality'),
          kind: 'select',
          choices: MODALITIES.map((value) => ({ value, label: word('modality', value) })),
        },
      ],
      ok: t('health.callers.accept'),
    });
    if (answers === null) return;
    const { institution = '', name = '', modality = '' } = answers;
    await this.#done(api.acceptCaller(caller.id, { institution, name, modality }), t('health.callers.accepted'));
  }

  async #done(work: Promise<unknown>, words: string): Promise<void> {
    try {
      await work;
      notify(words, 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }
}

/** AE titles of a clinic usually start alike: `T01_DR`, `T01_CT`. */
function guessInstitution(aeTitle: string, devices: readonly Device[]): string {
  const prefix = aeTitle.split('_')[0] ?? '';
  return devices.find(({ ae_title }) => ae_title.startsWith(`${prefix}_`))?.institution ?? '';
}
