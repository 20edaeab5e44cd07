import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { auditFile } from '../account/account-api.ts';
import { panelStyles } from '../account/panel-styles.ts';
import type { AuditLine, AuditState } from '../api/account-types.ts';
import { tableStyles } from '../health/table-styles.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { fullMoment } from '../lib/time.ts';
import { accounts } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

const TEXTS = ['who', 'action', 'patient', 'study'] as const;
const TIMES = ['since', 'until'] as const;

/** Who did what, to which patient or study, when, and how it ended. */
@customElement('audit-page')
export class AuditPage extends AppElement {
  @state() private lines: readonly AuditLine[] | null = null;
  @state() private next: number | null = null;
  @state() private kept: AuditState | null = null;
  @state() private problem = '';
  #asked: object = {};

  static override styles = [base, controls, surfaces, tableStyles, panelStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#search({});
    accounts.auditState().then((kept) => (this.kept = kept), () => undefined);
  }

  override render(): TemplateResult {
    return html`<div class="page">
      <div class="top">
        <h1>${t('audit.title')}</h1>
        <p></p>
        <a class="button" href=${auditFile({ format: 'jsonl' })} download>${t('audit.export')}</a>
        <a class="button" href=${auditFile({ format: 'csv' })} download>${t('audit.export.csv')}</a>
      </div>
      ${this.kept === null ? nothing : this.#state(this.kept)}
      <section class="card"><div class="body">
        <form class="line" @submit=${this.#submit}>
          ${TEXTS.map((name) => html`<label>${t(`audit.${name}`)}<input name=${name} autocomplete="off" /></label>`)}
          ${TIMES.map((name) => html`<label>${t(`audit.${name}`)}<input name=${name} type="datetime-local" /></label>`)}
          <label>${t('audit.outcome')}
            <select name="outcome">
              <option value="">${t('audit.outcome.any')}</option>
              <option value="done">${t('audit.outcome.done')}</option>
              <option value="refused">${t('audit.outcome.refused')}</option>
            </select>
          </label>
          <button class="primary" data-testid="audit-search">${t('audit.search')}</button>
        </form>
      </div></section>
      ${this.problem === '' ? nothing : html`<p class="notice danger" role="alert">${this.problem}</p>`}
      ${this.lines === null ? html`<p class="empty">${t('app.loading')}</p>` : this.#table(this.lines)}
      ${this.next === null ? nothing : html`<div><button @click=${() => void this.#search(this.#asked, this.next)}>${t('audit.more')}</button></div>`}
    </div>`;
  }

  #state(kept: AuditState): TemplateResult {
    const at = kept.anchored_at === null ? t('audit.never') : fullMoment(kept.anchored_at);
    const words = t('audit.state', { links: kept.links, archived: kept.archived_links, at, anchored: kept.anchored_links });
    return html`<p class="muted" data-testid="audit-state">${words}</p>
      ${kept.overdue ? html`<p class="notice warning">${t('audit.overdue')}</p>` : nothing}`;
  }

  #table(lines: readonly AuditLine[]): TemplateResult {
    if (lines.length === 0) return html`<p class="empty">${t('audit.none')}</p>`;
    const heads = ['when', 'who', 'action', 'subject', 'outcome', 'detail'] as const;
    return html`<section class="card">
      <table>
        <thead><tr>${heads.map((head) => html`<th scope="col">${t(`audit.${head}`)}</th>`)}</tr></thead>
        <tbody>
          ${lines.map(
            (line) => html`<tr data-testid="audit-line">
              <td class="num">${fullMoment(line.at)}<small>#${line.seq}</small></td>
              <td>${line.name || line.actor}${line.name === '' ? nothing : html`<small>${line.actor}</small>`}</td>
              <td>${line.action}</td>
              <td>${line.subject}</td>
              <td class=${line.outcome === 'refused' ? 'danger-text' : ''}>${t(line.outcome === 'refused' ? 'audit.outcome.refused' : 'audit.outcome.done')}</td>
              <td><small>${Object.entries(line.detail).map(([name, value]) => `${name}: ${String(typeof value === 'object' ? JSON.stringify(value) : value)}`).join(' · ')}</small></td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const given = [...data].map(([name, value]) => [name, String(value).trim()] as const).filter(([, value]) => value !== '');
    const times: ReadonlySet<string> = new Set(TIMES);
    void this.#search(Object.fromEntries(given.map(([name, value]) => [name, times.has(name) ? new Date(value).toISOString() : value])));
  }

  async #search(asked: object, cursor: number | null = null): Promise<void> {
    try {
      const found = await accounts.searchAudit({ ...asked, cursor });
      this.lines = cursor === null ? found.items : [...(this.lines ?? []), ...found.items];
      this.next = found.next;
      this.#asked = asked;
      this.problem = '';
    } catch (error) {
      this.problem = inWords(error);
      this.lines ??= [];
    }
  }
}
