import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Delivery, Webhook } from '../api/notices-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { moment } from '../lib/time.ts';
import { channelName } from '../notices/wishes-form.ts';
import { kindText } from '../notices/words.ts';
import { noticesApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 10_000;
const STATES = ['', 'given_up', 'failed', 'pending', 'sent'] as const;

/** For those who run the centre: messages that left the house or could not, and the systems that are told. */
@customElement('deliveries-page')
export class DeliveriesPage extends AppElement {
  @state() private items: readonly Delivery[] = [];
  @state() private hooks: readonly Webhook[] = [];
  @state() private chosen: (typeof STATES)[number] = '';
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1280px;
        margin: 0 auto;
        padding: 16px;
      }
      header h2 {
        flex: 1;
      }
      .given_up {
        color: var(--danger);
        font-weight: 600;
      }
      .failed {
        color: var(--late);
      }
      .sent {
        color: var(--ok);
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), EVERY_MS);
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <h1 class="sr-only">${t('app.deliveries')}</h1>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        <section class="card" data-testid="deliveries">
          <header>
            <h2>${t('deliveries.title')}</h2>
            <select aria-label=${t('deliveries.state')} @change=${this.#choose}>
              ${STATES.map((value) => html`<option value=${value}>${t(value === '' ? 'deliveries.all' : `delivery.${value}`)}</option>`)}
            </select>
            <button data-testid="redrive-all" @click=${() => void this.#again(null)}>${t('deliveries.again_all')}</button>
          </header>
          ${this.items.length === 0 ? html`<p class="none">${t('deliveries.none')}</p>` : this.#table()}
        </section>
        <section class="card" data-testid="webhooks">
          <header>
            <h2>${t('webhooks.title')}</h2>
            <button data-testid="webhook-add" @click=${() => void this.#register()}>${t('webhooks.add')}</button>
          </header>
          ${this.hooks.length === 0 ? html`<p class="none">${t('webhooks.none')}</p>` : this.#hookTable()}
        </section>
      </div>`;
  }

  #table(): TemplateResult {
    const heads = ['what', 'channel', 'to', 'state', 'attempts', 'when'] as const;
    return html`<table>
      <thead>
        <tr>${heads.map((head) => html`<th scope="col">${t(`deliveries.${head}`)}</th>`)}<th></th></tr>
      </thead>
      <tbody>
        ${this.items.map((one) => this.#row(one))}
      </tbody>
    </table>`;
  }

  #row(one: Delivery): TemplateResult {
    const again = one.state === 'given_up' || one.state === 'failed';
    const next = one.next_attempt_at;
    return html`<tr data-testid="delivery" data-state=${one.state}>
      <td>${kindText(one.kind)}</td>
      <td>${channelName(one.channel)}</td>
      <td>${one.to}</td>
      <td><span class=${one.state}>${word('delivery', one.state)}</span>${one.last_error === '' ? nothing : html`<small>${one.last_error}</small>`}</td>
      <td class="num">${one.attempts}</td>
      <td class="num">
        ${moment(one.sent_at ?? one.created_at, now.value)}
        ${next === null || one.state === 'sending' ? nothing : html`<small>${t('deliveries.next', { at: moment(next, now.value) })}</small>`}
      </td>
      <td class="right">
        ${again ? html`<button class="small" data-testid="redrive" @click=${() => void this.#again([one.id])}>${t('deliveries.again')}</button>` : nothing}
      </td>
    </tr>`;
  }

  #hookTable(): TemplateResult {
    return html`<table>
      <tbody>
        ${this.hooks.map(
          (hook) =>
            html`<tr data-testid="webhook">
              <td>${hook.name}<small>${hook.url}</small></td>
              <td>${hook.kinds === null ? t('webhooks.every_kind') : hook.kinds.join(' ')}</td>
              <td class="num">${t('webhooks.last_seq', { n: hook.last_seq })}</td>
              <td>${t(hook.active ? 'webhooks.on' : 'webhooks.off')}</td>
              <td class="right">
                <button class="small" @click=${() => void this.#replay(hook)}>${t('webhooks.replay')}</button>
                <button class="small" @click=${() => void this.#switch(hook)}>${t(hook.active ? 'webhooks.switch_off' : 'webhooks.switch_on')}</button>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value as typeof this.chosen;
    void this.#load();
  };

  async #load(): Promise<void> {
    try {
      const query = this.chosen === '' ? {} : { state: this.chosen };
      const [page, hooks] = await Promise.all([noticesApi.deliveries(query), noticesApi.webhooks()]);
      this.items = page.items;
      this.hooks = hooks.items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #again(ids: readonly number[] | null): Promise<void> {
    await this.#doing(async () => {
      const { count } = await noticesApi.redrive(ids);
      notify(t('deliveries.again.done', { n: count }), 'ok');
    });
  }

  async #register(): Promise<void> {
    const answers = await ask({
      title: t('webhooks.add'),
      text: t('webhooks.add.text'),
      fields: [
        { name: 'name', label: t('webhooks.name'), kind: 'text', required: true },
        { name: 'url', label: t('webhooks.url'), kind: 'text', required: true },
        { name: 'kinds', label: t('webhooks.kinds'), kind: 'text', hint: t('webhooks.kinds.hint') },
      ],
    });
    if (answers === null) return;
    const kinds = (answers['kinds'] ?? '').split(/[\s,，]+/).filter((kind) => kind !== '');
    await this.#doing(async () => {
      const made = await noticesApi.registerWebhook(answers['name'] ?? '', answers['url'] ?? '', kinds.length === 0 ? null : kinds);
      await confirmed({ title: t('webhooks.secret'), text: made.secret, warning: t('webhooks.secret.text') });
    });
  }

  async #replay(hook: Webhook): Promise<void> {
    const answers = await ask({
      title: t('webhooks.replay'),
      fields: [{ name: 'after', label: t('webhooks.replay.after'), kind: 'text', required: true, value: String(hook.last_seq) }],
    });
    if (answers === null) return;
    await this.#doing(async () => {
      const { count } = await noticesApi.replay(hook.id, Number(answers['after']));
      notify(t('deliveries.again.done', { n: count }), 'ok');
    });
  }

  async #switch(hook: Webhook): Promise<void> {
    await this.#doing(() => noticesApi.switchWebhook(hook.id, !hook.active));
  }

  async #doing(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.#load();
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }
}
