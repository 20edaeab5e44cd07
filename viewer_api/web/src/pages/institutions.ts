import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { InstitutionKind, InstitutionLine } from '../api/boards-types.ts';
import { pageStyles } from '../boards/page-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { links } from '../router.ts';
import { boards } from '../session.ts';
import { ask, confirmed, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const KINDS: readonly InstitutionKind[] = ['clinic', 'centre', 'upper'];

/** Who takes part: clinics, the centre and upper hospitals, with whom to call, what hangs on them and what they pay by. */
@customElement('institutions-page')
export class InstitutionsPage extends AppElement {
  @state() private items: readonly InstitutionLine[] | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    pageStyles,
    css`
      tr.closed td,
      tr.closed th {
        color: var(--faint);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="top">
        <h1>${t('app.institutions')}</h1>
        <a class="button" href=${links.rules('settlement')}>${t('institutions.contracts')}</a>
        <button class="primary" data-testid="institution-add" @click=${this.#add}>${t('institutions.add')}</button>
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${this.items === null ? nothing : this.#table(this.items)}
    </div>`;
  }

  #table(items: readonly InstitutionLine[]): TemplateResult {
    return html`<section class="card"><div class="scroll"><table data-testid="institutions">
      <thead>
        <tr>
          ${(['code', 'name', 'kind', 'contact', 'devices', 'users', 'contract'] as const).map((name) => html`<th scope="col">${t(`institutions.${name}`)}</th>`)}
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${items.map(
          (one) => html`<tr class=${one.active ? '' : 'closed'} data-code=${one.code}>
            <td class="num">${one.code}</td>
            <th scope="row">${localName(one.name, one.name_en)} ${one.active ? nothing : html`<small>${t('institutions.closed')}</small>`}<br /><small>${one.address}</small></th>
            <td>${t(`institutions.kind.${one.kind}`)}</td>
            <td>${one.contact} <span class="num">${one.phone}</span></td>
            <td><a href=${links.devices}>${one.devices}</a></td>
            <td><a href="#/users">${one.users}</a></td>
            <td>${one.contract === '' ? t('settlement.list_price') : html`${localName(one.contract, one.contract_en)} <small>${one.contract_percent}%</small>`}</td>
            <td class="right">
              <button class="small" data-testid="institution-change" @click=${() => this.#change(one)}>${t('institutions.change')}</button>
              <button class="small" @click=${() => this.#switch(one)}>${t(one.active ? 'institutions.close' : 'institutions.reopen')}</button>
            </td>
          </tr>`,
        )}
      </tbody>
    </table></div></section>`;
  }

  #add = async (): Promise<void> => {
    const choices = KINDS.map((value) => ({ value, label: t(`institutions.kind.${value}`) }));
    const answers = await ask({
      title: t('institutions.add'),
      fields: [
        { name: 'code', label: t('institutions.code'), kind: 'text', required: true, hint: t('institutions.code.hint') },
        { name: 'kind', label: t('institutions.kind'), kind: 'select', choices, value: 'clinic' },
        ...fields(null),
      ],
    });
    if (answers === null) return;
    const { code = '', name = '', kind, ...words } = answers;
    await this.#do(() => boards.addInstitution({ ...words, code, name, kind: kind as InstitutionKind }));
  };

  async #change(one: InstitutionLine): Promise<void> {
    const answers = await ask({ title: one.code, fields: fields(one) });
    if (answers !== null) await this.#do(() => boards.changeInstitution(one.code, answers));
  }

  async #switch(one: InstitutionLine): Promise<void> {
    const question = { title: t(one.active ? 'institutions.close.title' : 'institutions.reopen.title', { name: localName(one.name, one.name_en) }), text: one.active ? t('institutions.close.text') : '' };
    if (await confirmed(question)) await this.#do(() => boards.changeInstitution(one.code, { active: !one.active }));
  }

  async #do(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
      notify(t('institutions.saved'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  async #load(): Promise<void> {
    try {
      this.items = (await boards.institutions()).items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }
}

function fields(one: InstitutionLine | null): Field[] {
  return (['name', 'name_en', 'contact', 'phone', 'address'] as const).map((name) => ({
    name,
    label: t(`institutions.${name}`),
    kind: 'text',
    required: name === 'name',
    value: one?.[name] ?? '',
  }));
}
