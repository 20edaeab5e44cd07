import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Dispute, PlaceStatement, SettlementLine, Statement } from '../api/boards-types.ts';
import { sheet } from '../boards/boards-api.ts';
import { hundredths, yuan } from '../boards/figures.ts';
import { pageStyles } from '../boards/page-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { language, localName, t, word } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { links } from '../router.ts';
import { boards, hasRole } from '../session.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const COUNTS = ['readings', 'duplicates', 'amendments', 'withdrawals', 'unreadable', 'corrections'] as const;

/** Monthly statements: of all clinics and readers for the manager, its own for a clinic. */
@customElement('settlement-page')
export class SettlementPage extends AppElement {
  @state() private month = '';
  @state() private statement: Statement | null = null;
  @state() private disputes: readonly Dispute[] = [];
  @state() private institution: string | null = null;
  @state() private lines: readonly SettlementLine[] = [];
  @state() private next: number | null = null;
  @state() private error: unknown = null;

  static override styles = [
    base,
    controls,
    surfaces,
    pageStyles,
    css`
      .sum b {
        font-size: 26px;
        font-weight: 600;
      }
      .facts {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 24px;
        align-items: baseline;
        padding: 12px 16px;
        color: var(--muted);
      }
      code {
        font-family: var(--mono);
        font-size: 12px;
        overflow-wrap: anywhere;
      }
      .given {
        color: var(--late);
      }
      .words {
        white-space: normal;
        min-width: 12em;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override render(): TemplateResult {
    const found = this.statement;
    return html`<div class="page">
      <div class="top">
        <h1>${t('app.settlement')}</h1>
        ${found === null ? nothing : this.#choices(found)}
      </div>
      ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
      ${found === null ? nothing : html`${this.#head(found)} ${this.#clinics(found)} ${this.#lineTable(found)} ${this.#readers(found)} ${this.#disputeTable()}`}
    </div>`;
  }

  #choices(found: Statement): TemplateResult {
    const choose = (event: Event): void => {
      this.month = (event.target as HTMLSelectElement).value;
      this.institution = null;
      void this.#load();
    };
    return html`<label>${t('settlement.month')}
        <select data-testid="settlement-month" @change=${choose}>
          ${found.months.map((month) => html`<option .selected=${month === found.month}>${month}</option>`)}
        </select>
      </label>
      <a class="button" data-testid="settlement-sheet" href=${sheet('settlement/lines.csv', { month: found.month, english: String(language.value === 'en') })}>${t('settlement.sheet')}</a>
      ${hasRole('clinic') ? nothing : html`<a class="button" href=${links.rules('settlement')}>${t('settlement.prices')}</a>`}
      ${found.may_close ? html`<button class="primary" data-testid="settlement-close" @click=${this.#close}>${t('settlement.close')}</button>` : nothing}`;
  }

  #head(found: Statement): TemplateResult {
    const open = found.closed_at === null;
    return html`<section class="card" data-testid="settlement-state" data-closed=${!open}>
      <div class="facts">
        <span class="sum">${t('settlement.sum')} <b class="num" data-testid="settlement-fee">${yuan(found.fee)}</b> ${t('settlement.yuan')}</span>
        ${open
          ? html`<span>${t('settlement.open', { at: fullMoment(found.closes_from) })}</span>`
          : html`<span>${t('settlement.closed', { at: fullMoment(found.closed_at), by: found.closed_by })}</span>
              <span>${t('settlement.disputes_until', { at: fullMoment(found.disputes_until) })}</span>
              ${found.intact === false ? html`<span class="missed">${t('settlement.broken')}</span>` : nothing}
              <span>SHA-256 <code>${found.sha256}</code></span>`}
      </div>
    </section>`;
  }

  #clinics(found: Statement): TemplateResult {
    return html`<section class="card">
      <header><h2>${t('settlement.clinics')}</h2></header>
      ${found.clinics.length === 0
        ? html`<p class="none">${t('settlement.none')}</p>`
        : html`<div class="scroll"><table data-testid="settlement-clinics">
            <thead>
              <tr>
                <th scope="col">${t('settlement.clinic')}</th>
                <th scope="col">${t('settlement.contract')}</th>
                ${COUNTS.map((name) => html`<th scope="col" class="right">${t(`settlement.${name}`)}</th>`)}
                <th scope="col" class="right">${t('settlement.fee')}</th>
                <th></th>
              </tr>
            </thead>
            <tbody>${found.clinics.map((one) => this.#clinic(one))}</tbody>
          </table></div>`}
    </section>`;
  }

  #clinic(one: PlaceStatement): TemplateResult {
    return html`<tr data-institution=${one.institution}>
      <th scope="row">${localName(one.institution_name, one.institution_name_en)}</th>
      <td>${localName(one.contract, one.contract_en) || t('settlement.list_price')}</td>
      ${COUNTS.map((name) => html`<td class="right num">${one[name]}</td>`)}
      <td class="right num">${yuan(one.fee)}</td>
      <td class="right"><button class="small" data-testid="settlement-lines" @click=${() => this.#open(one.institution)}>${t('settlement.lines')}</button></td>
    </tr>`;
  }

  #lineTable(found: Statement): TemplateResult | typeof nothing {
    if (this.institution === null) return nothing;
    const clinic = hasRole('clinic');
    return html`<section class="card">
      <header><h2>${t('settlement.lines')}</h2></header>
      <div class="scroll"><table data-testid="settlement-line-table">
        <thead>
          <tr>
            ${(['at', 'kind', 'item', 'class', 'task', 'author', 'signer'] as const).map((name) => html`<th scope="col">${t(`settlement.col.${name}`)}</th>`)}
            <th scope="col" class="right">${t('settlement.fee')}</th>
            <th scope="col">${t('settlement.col.words')}</th>
            <th></th>
          </tr>
        </thead>
        <tbody>
          ${this.lines.map(
            (one) => html`<tr data-kind=${one.kind}>
              <td>${fullMoment(one.at)}</td>
              <td>${word('settlement.kind', one.kind)}</td>
              <td>${localName(one.item_name, one.item_name_en) || word('modality', one.modality)}</td>
              <td>${one.priority}</td>
              <td class="num">#${one.task_id}</td>
              <td>${one.reader_name}</td>
              <td>${one.signer_name}</td>
              <td class="right num ${one.fee < 0 ? 'given' : ''}">${yuan(one.fee)}</td>
              <td class="words">${one.words} ${one.dispute === '' ? nothing : html`<small>${t(`settlement.dispute.${one.dispute}`)}</small>`}</td>
              <td class="right">${one.id === null || found.closed_at === null ? nothing : this.#act(one, clinic)}</td>
            </tr>`,
          )}
        </tbody>
      </table></div>
      ${this.next === null ? nothing : html`<p class="none"><button @click=${() => this.#more()}>${t('settlement.more')}</button></p>`}
    </section>`;
  }

  #act(one: SettlementLine, clinic: boolean): TemplateResult | typeof nothing {
    if (!clinic) return html`<button class="small" data-testid="settlement-correct" @click=${() => this.#correct(one)}>${t('settlement.correct')}</button>`;
    return one.dispute === '' ? html`<button class="small" data-testid="settlement-dispute" @click=${() => this.#object(one)}>${t('settlement.object')}</button>` : nothing;
  }

  #readers(found: Statement): TemplateResult | typeof nothing {
    if (found.readers.length === 0) return nothing;
    const query = { month: found.month, english: String(language.value === 'en') };
    return html`<section class="card">
      <header>
        <h2>${t('settlement.readers')}</h2>
        <a class="button small" href=${sheet('settlement/readers.csv', query)}>${t('settlement.sheet')}</a>
      </header>
      <div class="scroll"><table data-testid="settlement-readers">
        <thead>
          <tr>
            <th scope="col">${t('settlement.reader')}</th>
            ${(['read', 'audited', 'read_pay', 'audit_pay', 'earned'] as const).map((name) => html`<th scope="col" class="right">${t(`settlement.${name}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${found.readers.map(
            (one) => html`<tr>
              <th scope="row">${one.name} <small>${one.username}</small></th>
              <td class="right num">${one.read}</td>
              <td class="right num">${one.audited}</td>
              <td class="right num">${yuan(one.read_pay)}</td>
              <td class="right num">${yuan(one.audit_pay)}</td>
              <td class="right num">${yuan(one.read_pay + one.audit_pay)}</td>
            </tr>`,
          )}
        </tbody>
      </table></div>
    </section>`;
  }

  #disputeTable(): TemplateResult | typeof nothing {
    if (this.disputes.length === 0) return nothing;
    const clinic = hasRole('clinic');
    return html`<section class="card">
      <header><h2>${t('settlement.disputes')}</h2></header>
      <div class="scroll"><table data-testid="settlement-disputes">
        <tbody>
          ${this.disputes.map(
            (one) => html`<tr data-dispute=${one.id}>
              <td>${one.month} #${one.task_id} <span class="num">${yuan(one.line_fee)}</span></td>
              <td>${localName(one.institution_name, one.institution_name_en)}</td>
              <td class="words">${one.words} <small>${one.asked_by} ${fullMoment(one.asked_at)}</small></td>
              <td class="words">
                ${one.granted === null ? t('settlement.dispute.open') : html`${t(`settlement.dispute.${one.granted ? 'granted' : 'refused'}`)} ${one.granted ? yuan(one.fee) : ''} ${one.answer}`}
              </td>
              <td class="right">
                ${one.granted !== null || clinic ? nothing : html`<button class="small" @click=${() => this.#answer(one, true)}>${t('settlement.grant')}</button> <button class="small" @click=${() => this.#answer(one, false)}>${t('settlement.refuse')}</button>`}
              </td>
            </tr>`,
          )}
        </tbody>
      </table></div>
    </section>`;
  }

  #close = async (): Promise<void> => {
    const month = this.statement?.month ?? '';
    if (!(await confirmed({ title: t('settlement.close.title', { month }), text: t('settlement.close.text'), ok: t('settlement.close') }))) return;
    await this.#do(() => boards.closeMonth(month));
  };

  async #object(line: SettlementLine): Promise<void> {
    const answers = await ask({ title: t('settlement.object'), fields: [{ name: 'words', label: t('settlement.why'), kind: 'textarea', required: true }] });
    if (answers !== null && line.id !== null) await this.#do(() => boards.dispute(line.id ?? 0, answers['words'] ?? ''));
  }

  async #correct(line: SettlementLine): Promise<void> {
    const answers = await ask({
      title: t('settlement.correct'),
      text: t('settlement.correct.text'),
      fields: [amount('fee', t('settlement.by.fee')), amount('read_pay', t('settlement.by.read_pay')), amount('audit_pay', t('settlement.by.audit_pay')), { name: 'words', label: t('settlement.why'), kind: 'text', required: true }],
    });
    if (answers === null || line.id === null) return;
    const [fee, read_pay, audit_pay] = ['fee', 'read_pay', 'audit_pay'].map((name) => hundredths(answers[name] || '0'));
    if (fee == null || read_pay == null || audit_pay == null) return notify(t('settlement.amount.bad'), 'danger');
    await this.#do(() => boards.correct(line.id ?? 0, answers['words'] ?? '', { fee, read_pay, audit_pay }));
  }

  async #answer(one: Dispute, granted: boolean): Promise<void> {
    const words = { name: 'words', label: t('settlement.answer'), kind: 'text', required: !granted } as const;
    const fields = granted ? [amount('fee', t('settlement.by.fee'), yuan(-one.line_fee)), words] : [words];
    const answers = await ask({ title: t(granted ? 'settlement.grant' : 'settlement.refuse'), text: one.words, fields });
    if (answers === null) return;
    const fee = granted ? hundredths(answers['fee'] ?? '') : 0;
    if (fee === null) return notify(t('settlement.amount.bad'), 'danger');
    await this.#do(() => boards.answerDispute(one.id, granted, answers['words'] ?? '', { fee }));
  }

  async #do(call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
      notify(t('settlement.done'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#load();
  }

  async #open(institution: string): Promise<void> {
    this.institution = institution;
    this.lines = [];
    this.next = 0;
    await this.#more();
  }

  async #more(): Promise<void> {
    if (this.institution === null || this.statement === null || this.next === null) return;
    try {
      const page = await boards.settlementLines(this.statement.month, hasRole('clinic') ? '' : this.institution, this.next);
      this.lines = [...this.lines, ...page.items];
      this.next = page.next;
    } catch (error) {
      this.error = error;
    }
  }

  async #load(): Promise<void> {
    try {
      const [statement, { items }] = await Promise.all([boards.statement(this.month), boards.disputes()]);
      this.statement = statement;
      this.disputes = items;
      this.error = null;
      if (this.institution !== null) await this.#open(this.institution);
    } catch (error) {
      this.error = error;
    }
  }
}

function amount(name: string, label: string, value = ''): { name: string; label: string; kind: 'text'; value: string } {
  return { name, label, kind: 'text', value };
}
