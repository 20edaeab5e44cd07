import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { reportReachable } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Device, DevicePage, UnknownCaller } from '../api/types.ts';
import { aeTitleField, deviceFields, faultsOf, rulesOf } from '../devices/device-form.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { devicesApi } from '../session.ts';
import { ask, type Answers, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { fillIn } from '../ui/fill-in.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../devices/caller-table.ts';
import '../devices/device-table.ts';
import '../ui/connection-banner.ts';

const EVERY_MS = 10_000;

/** For those who run the centre: who may send, by which rules, and who was refused. */
@customElement('devices-page')
export class DevicesPage extends AppElement {
  @state() private list: DevicePage | null = null;
  @state() private callers: readonly UnknownCaller[] = [];
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
      .top {
        display: flex;
        gap: 16px;
        align-items: baseline;
      }
      .top p {
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
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.list === null
          ? html`<p class="empty">${this.error === null ? t('app.loading') : nothing}</p>`
          : this.#content(this.list)}
      </div>`;
  }

  #content(list: DevicePage): TemplateResult {
    const tls = list.tls_address === '' ? '' : t('devices.how.tls', { tls: list.tls_address });
    return html`<div class="top">
        <h1>${t('devices.title')}</h1>
        <p>${t('devices.how', { ae: list.ae_title, address: list.address })}${tls}</p>
        <button data-testid="device-add" @click=${() => this.#add(list)}>${t('devices.add')}</button>
      </div>
      <caller-table
        .callers=${this.callers}
        .institutions=${list.institutions}
        @accept=${(event: CustomEvent<UnknownCaller>) => this.#accept(event.detail)}
        @change=${(event: CustomEvent<UnknownCaller>) => this.#acceptAs(event.detail, list)}
      ></caller-table>
      <device-table
        .devices=${list.items}
        .callers=${this.callers}
        @edit=${(event: CustomEvent<Device>) => this.#edit(event.detail, list)}
      ></device-table>`;
  }

  async #load(): Promise<void> {
    try {
      const [list, callers] = await Promise.all([devicesApi.devices(), devicesApi.unknownCallers()]);
      this.list = list;
      this.callers = callers.items;
      this.error = null;
      reportReachable(true);
    } catch (error) {
      const unreachable = error instanceof ApiError && error.isUnreachable;
      reportReachable(!unreachable);
      this.error = unreachable && this.list !== null ? null : error;
    }
  }

  async #add({ institutions }: DevicePage): Promise<void> {
    await this.#fillIn(t('devices.title.add'), [aeTitleField(), ...deviceFields({}, institutions)], (answers) =>
      devicesApi.addDevice(answers['ae_title'] ?? '', { institution: '', ...rulesOf(answers) }),
    );
  }

  async #edit(device: Device, { institutions }: DevicePage): Promise<void> {
    const title = t('devices.title.edit', { ae: device.ae_title });
    await this.#fillIn(title, deviceFields(device, institutions), (answers) =>
      devicesApi.changeDevice(device.id, rulesOf(answers)),
    );
  }

  async #fillIn(title: string, fields: readonly Field[], send: (answers: Answers) => Promise<unknown>): Promise<void> {
    if (!(await fillIn({ title, fields, ok: t('devices.save'), faults: faultsOf }, send))) return;
    notify(t('devices.saved'), 'ok');
    await this.#load();
  }


  async #accept(caller: UnknownCaller): Promise<void> {
    await this.#done(devicesApi.acceptCaller(caller.id), t('devices.accepted', { ae: caller.ae_title }));
  }

  async #acceptAs(caller: UnknownCaller, { institutions, items }: DevicePage): Promise<void> {
    const present = items.find(({ ae_title }) => ae_title === caller.ae_title);
    const guess = { institution: caller.institution, modality: caller.modality };
    const [institution, name, modality] = deviceFields(present ?? guess, institutions);
    const answers = await ask({
      title: t('devices.title.accept', { ae: caller.ae_title }),
      text: `${caller.address}`,
      fields: [institution!, name!, modality!],
      ok: t('devices.callers.accept'),
    });
    if (answers === null) return;
    const rules = { institution: answers['institution'] ?? '', name: answers['name'] ?? '', modality: answers['modality'] ?? '' };
    await this.#done(devicesApi.acceptCaller(caller.id, rules), t('devices.accepted', { ae: caller.ae_title }));
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
