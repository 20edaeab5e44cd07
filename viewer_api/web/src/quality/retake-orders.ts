import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { onChange } from '../api/live.ts';
import type { Retake } from '../api/quality-types.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { hasRole, quality } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, surfaces } from '../ui/styles.ts';
import './retake-card.ts';

const CHANGES_MS = 500;

/**
 * The clinic's open retakes; nothing while there are none. With `study` only that study's, and opening it is what the
 * centre sees as looked at.
 */
@customElement('retake-orders')
export class RetakeOrders extends AppElement {
  @property() study = '';
  @state() private orders: readonly Retake[] = [];
  readonly #refresh = debounce(() => void this.#load(), CHANGES_MS, 4 * CHANGES_MS);
  #stop = (): void => undefined;

  static override styles = [
    base,
    surfaces,
    css`
      .card {
        border-color: var(--late);
      }
      header {
        background: var(--late-soft);
        color: var(--late);
        border-radius: 8px 8px 0 0;
      }
      small {
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['tasks', 'studies'], this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('study')) void this.#load();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.orders.length === 0) return nothing;
    return html`<section class="card" data-testid="retake-orders">
      <header><h2>${t('retakes.title')}</h2><small>${t('retakes.text')}</small></header>
      ${this.orders.map((order) => html`<retake-card .order=${order} ?full=${this.study !== ''}></retake-card>`)}
    </section>`;
  }

  async #load(): Promise<void> {
    const study = this.study;
    const { items } = await quality.retakes({ study }).catch(() => ({ items: this.orders }));
    if (study !== this.study) return;
    this.orders = items;
    if (study !== '' && hasRole('clinic')) await this.#look(items);
  }

  async #look(items: readonly Retake[]): Promise<void> {
    const looked = items.map((order) => (order.state === 'open' ? quality.seen(order.id).catch(() => order) : order));
    this.orders = await Promise.all(looked);
  }
}
