import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import type { Device, UnknownCaller } from '../api/types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { localName, t, word } from '../i18n/index.ts';
import { ago } from '../lib/time.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { inReason } from './reasons.ts';

/** The county's equipment and other doors, with what is wrong. Fires `edit` with the device. */
@customElement('device-table')
export class DeviceTable extends AppElement {
  @property({ attribute: false }) devices: readonly Device[] = [];
  @property({ attribute: false }) callers: readonly UnknownCaller[] = [];

  static override styles = [
    base,
    controls,
    surfaces,
    tableStyles,
    css`
      tr.off td {
        color: var(--muted);
      }
      .problem {
        color: var(--danger);
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override render(): TemplateResult {
    if (this.devices.length === 0) return html`<p class="none">${t('devices.none')}</p>`;
    const columns = ['ae', 'institution', 'modality', 'seen', 'today', 'problems'] as const;
    return html`<section class="card" data-testid="devices">
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${t(`devices.${column}`)}</th>`)}
            <th scope="col"><span class="sr-only">${t('devices.edit')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.devices.map((device) => this.#row(device))}
        </tbody>
      </table>
    </section>`;
  }

  #row(device: Device): TemplateResult {
    const problems = this.#problems(device);
    return html`<tr data-testid="device-row" data-ae=${device.ae_title} class=${device.active ? '' : 'off'}>
      <td><b>${device.ae_title}</b><small>${device.name}</small></td>
      <td>${localName(device.institution_name, device.institution_name_en)}</td>
      <td>
        ${device.modality === '' ? nothing : word('modality', device.modality)}
        ${device.kind === 'dicom' ? nothing : html`<small>${t(`devices.kind.${device.kind}`)}</small>`}
      </td>
      <td class="num">${device.last_seen_at === null ? t('devices.never') : ago(device.last_seen_at, now.value)}</td>
      <td class="num">${t('devices.today.counts', { n: device.received_today })}</td>
      <td data-testid="device-problems">${problems.map((words) => html`<div class="problem">${words}</div>`)}</td>
      <td class="right">
        <button class="small" data-testid="device-edit" @click=${() => this.tell('edit', device)}>
          ${t('devices.edit')}
        </button>
      </td>
    </tr>`;
  }

  #problems(device: Device): string[] {
    const { daily_objects: limit, received_today: received, refused_today: refused } = device;
    const caller = this.callers.find(({ ae_title }) => ae_title === device.ae_title);
    return [
      device.active ? '' : t('devices.inactive'),
      limit !== null && received >= limit ? t('devices.problem.quota') : '',
      refused > 0 ? t('devices.problem.refused', { n: refused }) : '',
      device.charset_proposal === ''
        ? ''
        : t('devices.problem.charset', { n: device.charset_repairs, charset: device.charset_proposal }),
      caller === undefined ? '' : t('devices.problem.caller', { why: inReason(caller) }),
    ].filter((words) => words !== '');
  }
}
