import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { quarantineObject } from '../quarantine/quarantine-api.ts';
import { ApiError } from '../api/problem.ts';
import type { BulkOrder, BulkOutcome, DecisionOrder, QuarantineDetail, Quarantined } from '../api/quarantine-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { PagedList } from '../lib/paged.ts';
import type { Choice } from '../quarantine/desk-detail.ts';
import { go, links } from '../router.ts';
import { quarantineApi } from '../session.ts';
import { ask, type Answers, type Field } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../quarantine/desk-detail.ts';
import '../quarantine/desk-table.ts';
import '../ui/connection-banner.ts';

const PAGE_SIZE = 50;
const EVERY_MS = 10_000;
const REASONS = [
  'other_patient',
  'other_bytes',
  'other_encoding',
  'other_institution',
  'other_series',
  'no_patient',
  'no_identifiers',
  'not_dicom',
  'unknown_device',
  'not_catalogued',
] as const;

/** The quarantine desk: what was kept aside, beside what it conflicts with, and decisions that do something. */
@customElement('quarantine-page')
export class QuarantinePage extends AppElement {
  /** The object that is looked at; 0 for none. */
  @property({ type: Number }) objectId = 0;
  @state() private detail: QuarantineDetail | null = null;
  @state() private reason: Quarantined['reason'] | '' = '';
  @state() private resolved = false;
  readonly #list = new PagedList<Quarantined>(() => this.requestUpdate());

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      :host {
        height: 100%;
      }
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(420px, 40%);
        grid-template-rows: minmax(0, 1fr);
        gap: 16px;
        height: 100%;
        max-width: 1440px;
        margin: 0 auto;
        padding: 16px;
      }
      .list {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      .scroll {
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      header h2 {
        margin-right: auto;
      }
      .lead {
        padding: 10px 16px;
        color: var(--muted);
      }
      aside {
        min-height: 0;
        overflow: auto;
      }
      .more {
        display: flex;
        justify-content: center;
        padding: 12px;
      }
      @media (max-width: 900px) {
        .page {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: auto;
          height: auto;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#list.refresh(), EVERY_MS);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#list.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('objectId')) void this.#loadDetail();
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page">
        <section class="card list">
          <header>
            <h2>${t('quarantine.title')}</h2>
            <select aria-label=${t('quarantine.reason')} data-testid="quarantine-filter" @change=${this.#pickReason}>
              <option value="">${t('quarantine.every_reason')}</option>
              ${REASONS.map((reason) => html`<option value=${reason}>${word('health.reason', reason)}</option>`)}
            </select>
            <select aria-label=${t('quarantine.decide')} data-testid="quarantine-which" @change=${this.#pickResolved}>
              <option value="">${t('quarantine.waiting')}</option>
              <option value="all">${t('quarantine.all')}</option>
            </select>
          </header>
          <div class="scroll" data-testid="quarantine">${this.#items()}</div>
        </section>
        <aside>${this.#aside()}</aside>
      </div>`;
  }

  #items(): TemplateResult {
    const { items, next, error, pristine } = this.#list;
    if (error !== null && (pristine || !this.#list.unreachable)) {
      return html`<p class="notice danger" role="alert">${inWords(error)}</p>`;
    }
    if (pristine) return html`<p class="empty">${t('app.loading')}</p>`;
    if (items.length === 0) return html`<p class="empty">${t('quarantine.none')}</p>`;
    return html`<p class="lead">${t('quarantine.text')}</p>
      <desk-table
        .items=${items}
        .picked=${this.objectId}
        @pick=${(event: CustomEvent<number>) => go(links.quarantine(event.detail), true)}
      ></desk-table>
      ${next === null ? nothing : html`<div class="more"><button @click=${() => this.#list.more()}>${t('quarantine.more')}</button></div>`}`;
  }

  #aside(): TemplateResult {
    if (this.detail === null) return html`<div class="card"><p class="empty">${t('quarantine.pick')}</p></div>`;
    return html`<desk-detail
      .item=${this.detail}
      .objectUrl=${quarantineObject(this.detail.id)}
      @choose=${(event: CustomEvent<Choice>) => this.#choose(event.detail)}
      @reopen=${this.#reopen}
    ></desk-detail>`;
  }

  #pickReason = (event: Event): void => {
    this.reason = (event.target as HTMLSelectElement).value as Quarantined['reason'] | '';
    this.#load();
  };

  #pickResolved = (event: Event): void => {
    this.resolved = (event.target as HTMLSelectElement).value === 'all';
    this.#load();
  };

  #load(): void {
    const query = { reason: this.reason, resolved: this.resolved, limit: PAGE_SIZE };
    void this.#list.ask((cursor, signal) => quarantineApi.quarantine({ ...query, cursor }, signal));
  }

  async #loadDetail(): Promise<void> {
    const asked = this.objectId;
    if (asked === 0) {
      this.detail = null;
      return;
    }
    try {
      const detail = await quarantineApi.quarantined(asked);
      if (asked === this.objectId) this.detail = detail;
    } catch (error) {
      this.detail = null;
      notify(inWords(error), 'danger');
    }
  }

  async #choose(choice: Choice): Promise<void> {
    const item = this.detail;
    if (item === null) return;
    const signed = choice === 'replace' && item.present?.has_signed_report === true;
    const answers = await ask({
      title: t(`quarantine.decision.${choice}`),
      text: t(`quarantine.decision.${choice}.text`),
      ...(signed ? { warning: t('quarantine.decision.replace.signed') } : {}),
      fields: fieldsFor(item),
      danger: signed || choice === 'discarded',
    });
    if (answers === null) return;
    await this.#decide(item, orderOf(choice, answers, signed), answers['scope'] ?? 'one');
  }

  async #decide(item: QuarantineDetail, order: DecisionOrder, scope: string): Promise<void> {
    try {
      if (scope === 'one') {
        this.detail = await quarantineApi.resolveQuarantined(item.id, order);
        notify(t('quarantine.done', { n: 1 }), 'ok');
      } else {
        const all = scope === 'study' ? { study_instance_uid: item.study_instance_uid } : { ae_title: item.ae_title };
        tellOutcome(await decideAll({ ...order, ...all }));
      }
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await Promise.all([this.#list.refresh(), this.#loadDetail()]);
  }

  #reopen = async (): Promise<void> => {
    if (this.detail === null) return;
    try {
      this.detail = await quarantineApi.reopenQuarantined(this.detail.id, '');
      notify(t('quarantine.reopened'), 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    }
    await this.#list.refresh();
  };
}

function fieldsFor(item: QuarantineDetail): Field[] {
  const scopes = [{ value: 'one', label: t('quarantine.scope.one') }];
  if (item.same_study > 1) scopes.push({ value: 'study', label: t('quarantine.scope.study', { n: item.same_study }) });
  if (item.same_device > 1) scopes.push({ value: 'device', label: t('quarantine.scope.device', { n: item.same_device }) });
  const scope: Field = { name: 'scope', label: t('quarantine.scope'), kind: 'select', choices: scopes };
  const note: Field = { name: 'note', label: t('quarantine.note'), kind: 'textarea' };
  return scopes.length > 1 ? [scope, note] : [note];
}

function orderOf(choice: Choice, answers: Answers, signed: boolean): DecisionOrder {
  const note = answers['note'] ?? '';
  if (choice === 'same_person') return { resolution: 'take_in', note, same_person: true };
  return signed ? { resolution: choice, note, despite_report: true } : { resolution: choice, note };
}

/** Call after call, until nothing is left that can be decided on. */
async function decideAll(order: BulkOrder): Promise<BulkOutcome> {
  const done: number[] = [];
  for (;;) {
    const part = await quarantineApi.resolveAll(order);
    done.push(...part.done);
    if (part.left === 0 || part.done.length === 0) return { ...part, done };
  }
}

function tellOutcome({ done, refused }: BulkOutcome): void {
  notify(t('quarantine.done', { n: done.length }), 'ok');
  const [first] = refused;
  if (first === undefined) return;
  const why = inWords(new ApiError({ status: 409, code: first.code, detail: first.detail }));
  notify(t('quarantine.refused', { n: refused.length, why }), 'warn');
}
