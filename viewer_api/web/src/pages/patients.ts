import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Candidate, Merge, PatientRow, WholePerson } from '../api/persons-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { PagedList } from '../lib/paged.ts';
import type { MergeOrder } from '../persons/merge-panel.ts';
import { patientFacts } from '../persons/patient-facts.ts';
import { go, links } from '../router.ts';
import { personsApi } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../persons/candidate-list.ts';
import '../persons/merge-panel.ts';
import '../persons/person-view.ts';
import '../ui/connection-banner.ts';

const PAGE_SIZE = 30;

/** Who is whom: search, candidates for one person, merge and undo. */
@customElement('patients-page')
export class PatientsPage extends AppElement {
  /** The row whose person is shown; 0 for the list. */
  @property({ type: Number }) patientId = 0;
  @state() private person: WholePerson | null = null;
  @state() private compared: readonly [WholePerson, WholePerson] | null = null;
  @state() private asked = '';
  /** One of two whom somebody wants to see beside each other. */
  @state() private picked: PatientRow | null = null;
  @state() private error: unknown = null;
  #text = '';
  readonly #found = new PagedList<PatientRow>(() => this.requestUpdate());
  readonly #pairs = new PagedList<Candidate>(() => this.requestUpdate());

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 1160px;
        margin: 0 auto;
        padding: 16px;
      }
      form {
        display: flex;
        gap: 8px;
      }
      form input {
        flex: 1;
      }
      .row {
        display: flex;
        gap: 12px;
        align-items: center;
        padding: 8px 16px;
        border-top: 1px solid var(--line);
      }
      .row > div {
        flex: 1;
        min-width: 0;
      }
      small {
        color: var(--muted);
      }
      .row small {
        display: block;
      }
      .more {
        display: flex;
        justify-content: center;
        padding: 12px;
      }
      .none {
        padding: 14px 16px;
        color: var(--muted);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#loadPairs();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#found.cancel();
    this.#pairs.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('patientId')) return;
    this.person = null;
    this.compared = null;
    this.error = null;
    if (this.patientId !== 0) void this.#loadPerson();
  }

  override render(): TemplateResult {
    return html`<connection-banner></connection-banner>
      <div class="page" @compare=${this.#compare} @different=${this.#different}>
        <h1 class="sr-only">${t('patients.title')}</h1>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.compared === null ? (this.patientId === 0 ? this.#lists() : this.#onePerson()) : this.#merging(this.compared)}
      </div>`;
  }

  #merging([first, second]: readonly [WholePerson, WholePerson]): TemplateResult {
    return html`<merge-panel
      .first=${first}
      .second=${second}
      @leave=${() => (this.compared = null)}
      @merge=${(event: CustomEvent<MergeOrder>) => this.#merge(event.detail)}
      @propose=${(event: CustomEvent<{ first: number; second: number; note: string }>) => this.#propose(event.detail)}
    ></merge-panel>`;
  }

  #onePerson(): TemplateResult {
    return html`<p><a href=${links.patients()}>${icon('back', 14)} ${t('patients.back')}</a></p>
      ${this.person === null
        ? html`<p class="empty">${this.error === null ? t('app.loading') : nothing}</p>`
        : html`<person-view
            .person=${this.person}
            @undo=${(event: CustomEvent<Merge>) => this.#undo(event.detail)}
          ></person-view>`}`;
  }

  #lists(): TemplateResult {
    return html`<form role="search" @submit=${this.#search}>
        <input
          type="search"
          data-testid="patient-search"
          placeholder=${t('patients.search')}
          aria-label=${t('patients.search')}
          .value=${this.#text}
          @input=${(event: InputEvent) => (this.#text = (event.target as HTMLInputElement).value)}
        />
        <button class="primary" data-testid="patient-find">${icon('search', 16)}${t('patients.find')}</button>
      </form>
      ${this.asked === '' ? nothing : this.#results()} ${this.#candidates()}`;
  }

  #results(): TemplateResult {
    const { items, next, error, pristine } = this.#found;
    return html`<section class="card" data-testid="patient-results">
      <header><h2>${t('patients.results')}</h2></header>
      ${error !== null ? html`<p class="notice danger" role="alert">${inWords(error)}</p>` : nothing}
      ${!pristine && items.length === 0
        ? html`<p class="none">${t('patients.none')} ${t('patients.none.text')}</p>`
        : items.map((row) => this.#result(row))}
      ${next === null ? nothing : html`<div class="more"><button @click=${() => this.#found.more()}>${t('worklist.more')}</button></div>`}
    </section>`;
  }

  #result(row: PatientRow): TemplateResult {
    return html`<div class="row" data-testid="patient-row" data-id=${row.id}>
      <div>${patientFacts(row)}</div>
      <span class="num muted">${t('patients.studies', { n: row.studies })}</span>
      <button data-testid="patient-pick" aria-pressed=${this.picked?.id === row.id} @click=${() => this.#pick(row)}>
        ${t(this.picked?.id === row.id ? 'patients.picked' : 'patients.pick')}
      </button>
      <a class="button" href=${links.patients(row.id)}>${t('patients.open')}</a>
    </div>`;
  }

  #candidates(): TemplateResult {
    const { items, next, error, pristine } = this.#pairs;
    return html`<section class="card" data-testid="candidates">
      <header><h2>${t('patients.candidates')}</h2><small>${t('patients.candidates.text')}</small></header>
      ${error !== null ? html`<p class="notice danger" role="alert">${inWords(error)}</p>` : nothing}
      ${pristine ? html`<p class="none">${t('app.loading')}</p>` : nothing}
      ${!pristine && items.length === 0 ? html`<p class="none">${t('patients.candidates.none')}</p>` : nothing}
      <candidate-list .pairs=${items}></candidate-list>
      ${next === null ? nothing : html`<div class="more"><button @click=${() => this.#pairs.more()}>${t('worklist.more')}</button></div>`}
    </section>`;
  }

  #search = (event: SubmitEvent): void => {
    event.preventDefault();
    const q = this.#text.trim();
    this.asked = q;
    if (q !== '') void this.#found.ask((cursor, signal) => personsApi.patients({ q, cursor, limit: PAGE_SIZE }, signal));
  };

  #loadPairs(): void {
    void this.#pairs.ask((cursor, signal) => personsApi.candidates({ cursor, limit: PAGE_SIZE }, signal));
  }

  async #loadPerson(): Promise<void> {
    const asked = this.patientId;
    try {
      const person = await personsApi.person(asked);
      if (asked === this.patientId) this.person = person;
    } catch (error) {
      this.error = error;
    }
  }

  #pick(row: PatientRow): void {
    const other = this.picked;
    this.picked = other === null ? row : null;
    if (other !== null && other.id !== row.id) void this.#beside(other.id, row.id);
  }

  #compare = ({ detail: pair }: CustomEvent<Candidate>): Promise<void> => this.#beside(pair.first.id, pair.second.id);

  async #beside(one: number, other: number): Promise<void> {
    try {
      this.compared = await Promise.all([personsApi.person(one), personsApi.person(other)]);
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }

  #different = async ({ detail: pair }: CustomEvent<Candidate>): Promise<void> => {
    const answers = await ask({
      title: t('patients.different.title'),
      text: t('patients.different.text'),
      fields: [{ name: 'note', label: t('patients.reason'), kind: 'textarea' }],
    });
    if (answers !== null) await this.#done(personsApi.tellApart(pair.id, answers['note'] ?? ''), t('patients.told_apart'));
  };

  async #merge(order: MergeOrder): Promise<void> {
    if (!(await this.#done(personsApi.mergePatients(order.survivor, order.merged, order.reason), t('patients.merged')))) return;
    this.compared = null;
    go(links.patients(order.survivor));
  }

  async #propose(proposal: { first: number; second: number; note: string }): Promise<void> {
    if (await this.#done(personsApi.proposeMerge(proposal), t('patients.proposed'))) this.compared = null;
  }

  async #undo(merge: Merge): Promise<void> {
    const answers = await ask({
      title: t('patients.undo.title'),
      text: t('patients.undo.text'),
      fields: [
        { name: 'reason', label: t('patients.reason'), kind: 'textarea', required: true },
        {
          name: 'different',
          label: t('patients.undo.different'),
          kind: 'select',
          choices: [
            { value: 'again', label: t('patients.undo.again') },
            { value: 'never', label: t('patients.undo.never') },
          ],
        },
      ],
    });
    if (answers === null) return;
    const { reason = '', different } = answers;
    await this.#done(personsApi.undoMerge(merge.id, reason, different === 'never'), t('patients.undone'));
  }

  async #done(work: Promise<unknown>, words: string): Promise<boolean> {
    try {
      await work;
    } catch (error) {
      notify(inWords(error), 'danger');
      return false;
    }
    notify(words, 'ok');
    this.#loadPairs();
    if (this.patientId !== 0) await this.#loadPerson();
    return true;
  }
}
