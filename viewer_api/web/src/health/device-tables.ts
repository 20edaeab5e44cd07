import { html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Device, UnknownCaller } from '../api/types.ts';
import { t, word } from '../i18n/index.ts';
import { ago } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { tableStyles } from './table-styles.ts';

/** The county's equipment, and what called without being known. Fires `accept` with the caller. */
@customElement('device-tables')
export class DeviceTables extends AppElement {
  @property({ attribute: false }) devices: readonly Device[] = [];
  @property({ attribute: false }) callers: readonly UnknownCaller[] = [];

  static override styles = [base, controls, surfaces, tableStyles];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    return html`
      <section class="card" data-testid="unknown-callers">
        <header><h2>${t('health.callers')}</h2></header>
        ${this.callers.length === 0
          ? html`<p class="none">${t('health.callers.none')}</p>`
          : html`<p class="lead">${t('health.callers.text')}</p>
              <table>
                <tbody>
                  ${this.callers.map((caller) => this.#caller(caller))}
                </tbody>
              </table>`}
      </section>
      <section class="card" data-testid="devices">
        <header><h2>${t('health.devices')}</h2></header>
        ${this.devices.length === 0 ? html`<p class="none">${t('health.devices.none')}</p>` : this.#devices()}
      </section>
    `;
  }

  #caller(caller: UnknownCaller): TemplateResult {
    return html`<tr data-testid="caller-row" data-ae=${caller.ae_title}>
      <td><b>${caller.ae_title}</b><small class="num">${caller.address}</small></td>
      <td class="num">${ago(caller.last_seen_at, now.value)}</td>
      <td class="num">${t('health.callers.attempts', { n: caller.attempts })}</td>
      <td class="right">
        <button class="small" data-testid="caller-accept" @click=${() => this.tell('accept', caller)}>
          ${t('health.callers.accept')}
        </button>
      </td>
    </tr>`;
  }

  #devices(): TemplateResult {
    return html`<table>
      <thead>
        <tr>
          <th scope="col">${t('health.devices.ae')}</th>
          <th scope="col">${t('health.devices.institution')}</th>
          <th scope="col">${t('health.devices.name')}</th>
          <th scope="col">${t('health.devices.modality')}</th>
          <th scope="col">${t('health.devices.seen')}</th>
        </tr>
      </thead>
      <tbody>
        ${this.devices.map(
          (device) =>
            html`<tr>
              <td><b>${device.ae_title}</b></td>
              <td>${device.institution_name || device.institution}</td>
              <td>${device.name}</td>
              <td>${device.modality === '' ? '' : word('modality', device.modality)}</td>
              <td class="num">${device.last_seen_at === null ? t('health.devices.never') : ago(device.last_seen_at, now.value)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
