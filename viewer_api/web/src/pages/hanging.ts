import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { ApiError } from '../api/problem.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { hasRole, rulesApi } from '../session.ts';
import { ask, confirmed } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { reasonsFor } from '../viewer/hanging/fitting.ts';
import { Draft, unsaved } from '../viewer/hanging/form/draft.ts';
import { faultsAt } from '../viewer/hanging/form/faults.ts';
import { hangingPageStyles } from '../viewer/hanging/form/page-styles.ts';
import type { RuleMove } from '../viewer/hanging/form/rule-list.ts';
import type { Tried } from '../viewer/hanging/form/trying.ts';
import type { Protocol } from '../viewer/hanging/hanging-api.ts';
import { askAgain, countyChanged, dropOwn, keepOwn } from '../viewer/hanging/known-hanging.ts';
import type { Rule } from '../viewer/hanging/protocols.ts';
import { reasonList } from '../viewer/hanging/reason-list.ts';
import '../ui/connection-banner.ts';
import '../viewer/hanging/form/left-out.ts';
import '../viewer/hanging/form/rule-form.ts';
import '../viewer/hanging/form/rule-list.ts';
import '../viewer/hanging/form/try-study.ts';

/** How exams are laid out: readers change their own rules, the manager those of the county, in the same form. */
@customElement('hanging-page')
export class HangingPage extends AppElement {
  /** The study that rules are tried on from the start; empty for none. */
  @property() study = '';
  @state() private draft: Draft | null = null;
  @state() private selected = '';
  @state() private tried: Tried | null = null;
  @state() private busy = false;
  @state() private error: unknown = null;

  static override styles = [base, controls, surfaces, hangingPageStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('beforeunload', this.#leaving);
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.#leaving);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('draft') && this.draft !== null) unsaved.keep(this.draft);
  }

  override render(): TemplateResult {
    const { draft } = this;
    return html`<connection-banner></connection-banner>
      <div class="page">
        <div class="top">
          <h1>${t('app.hanging')}</h1>
          <p>${t(isOfCounty() ? 'hangrule.lead.county' : 'hangrule.lead')}</p>
          ${draft === null ? nothing : this.#tools(draft)}
        </div>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert" data-testid="refusal">${saidOf(this.error)}</p>`}
        ${draft === null ? html`<p class="empty">${this.error === null ? t('app.loading') : ''}</p>` : this.#content(draft)}
      </div>`;
  }

  #tools(draft: Draft): TemplateResult {
    return html`<div class="tools">
      ${draft.isChanged ? html`<span class="changed" data-testid="unsaved">${t('hangrule.unsaved')}</span>` : nothing}
      <button data-testid="rules-default" ?disabled=${this.busy || draft.isDefault} @click=${this.#toDefault}>${t(isOfCounty() ? 'hangrule.shipped' : 'hangrule.default')}</button>
      <button data-testid="rules-discard" ?disabled=${!draft.isChanged} @click=${this.#discard}>${t('hangrule.discard')}</button>
      <button class="primary" data-testid="rules-save" ?disabled=${this.busy || !draft.isChanged} @click=${this.#save}>
        ${t(isOfCounty() ? 'hangrule.publish' : 'hangrule.save')}
      </button>
    </div>`;
  }

  #content(draft: Draft): TemplateResult {
    const rule = draft.rule(this.selected) ?? draft.rules[0];
    return html`<section class="card try">
        <hang-try-study .study=${this.study} .rules=${draft.rules} .tried=${this.tried} @tried=${(event: CustomEvent<Tried | null>) => (this.tried = event.detail)}></hang-try-study>
      </section>
      ${(['own', 'county'] as const).map((owner) => this.#leftOut(draft, owner))}
      <div class="columns">
        <section class="card list" aria-label=${t('hangrule.list')}>
          <header>
            <h2>${t('hangrule.list')}</h2>
            <button class="small" data-testid="rule-new" @click=${() => this.#added(draft.added(t('hangrule.new.name')))}>${t('hangrule.new')}</button>
          </header>
          <p class="hint">${t('hangrule.list.hint')}</p>
          ${isOfCounty() || draft.edited.length > 0 ? nothing : html`<p class="none">${t('hangrule.none')}</p>`}
          <hang-rule-list
            .rules=${draft.rules}
            .movable=${draft.movable}
            .selected=${rule?.protocol.key ?? ''}
            .tried=${this.tried}
            .faults=${draft.faults}
            @pick-rule=${(event: CustomEvent<string>) => (this.selected = event.detail)}
            @move-rule=${(event: CustomEvent<RuleMove>) => (this.draft = draft.moved(event.detail.key, event.detail.to))}
          ></hang-rule-list>
        </section>
        ${rule === undefined ? html`<p class="empty">${t('hangrule.none.county')}</p>` : this.#rule(draft, rule)}
      </div>`;
  }

  #leftOut(draft: Draft, owner: 'own' | 'county'): TemplateResult | typeof nothing {
    const rules = draft.leftOut(owner);
    if (rules.length === 0 || (owner === 'own' && draft.ofCounty)) return nothing;
    return html`<section class="card left-out" role="alert">
      <hang-left-out
        .rules=${rules}
        .owner=${owner}
        ?readonly=${owner === 'county'}
        @forget=${(event: CustomEvent<number>) => (this.draft = draft.forgetting(event.detail))}
      ></hang-left-out>
    </section>`;
  }

  #rule(draft: Draft, rule: Rule): TemplateResult {
    const { key, zh, en, when } = rule.protocol;
    return html`<section class="card rule" data-testid="rule-form" data-key=${key}>
      <header>
        <h2>${localName(zh, en) || t('hangrule.nameless')}</h2>
        <span class="muted">${t(`hang.owner.${rule.owner}`)}</span>
        <div class="acts">${draft.isReadOnly(rule) ? this.#countyTools(draft, rule) : this.#ownTools(draft, rule)}</div>
      </header>
      ${this.tried === null ? nothing : html`<div class="why" data-testid="why"><b>${t('hangrule.why')}</b>${reasonList(reasonsFor(when, this.tried))}</div>`}
      <hang-rule-form
        .rule=${rule.protocol}
        .tried=${this.tried}
        .faults=${faultsAt(draft.faults, `${key}/`)}
        ?readonly=${draft.isReadOnly(rule)}
        @change=${(event: CustomEvent<Protocol>) => (this.draft = draft.changed(event.detail))}
      ></hang-rule-form>
    </section>`;
  }

  #countyTools(draft: Draft, { protocol }: Rule): TemplateResult {
    return html`<button class="small" data-testid="rule-instead" title=${t('hangrule.instead.hint')} @click=${() => (this.draft = draft.instead(protocol))}>
        ${t('hangrule.instead')}
      </button>
      ${this.#copyButton(draft, protocol)}`;
  }

  #ownTools(draft: Draft, { protocol, owner }: Rule): TemplateResult {
    const { key } = protocol;
    const [at, count] = draft.placeOf(key);
    const move = (by: number): unknown => (this.draft = draft.moved(key, at + by));
    return html`${owner === 'instead'
      ? nothing
      : html`<button class="small" data-testid="rule-up" ?disabled=${at <= 0} @click=${() => move(-1)}>${t('hangrule.up')}</button>
          <button class="small" data-testid="rule-down" ?disabled=${at >= count - 1} @click=${() => move(1)}>${t('hangrule.down')}</button>`}
    ${this.#copyButton(draft, protocol)}
    <button class="small danger" data-testid="rule-delete" @click=${() => (this.draft = draft.removed(key))}>${t(owner === 'instead' ? 'hangrule.to_county' : 'hangrule.delete')}</button>`;
  }

  #copyButton(draft: Draft, protocol: Protocol): TemplateResult {
    return html`<button class="small" data-testid="rule-copy" @click=${() => this.#added(draft.copied(protocol, t('hangrule.copy.suffix')))}>${t('hangrule.copy')}</button>`;
  }

  #added([draft, key]: readonly [Draft, string]): void {
    this.draft = draft;
    this.selected = key;
  }

  async #load(): Promise<void> {
    try {
      const told = await askAgain();
      this.draft = unsaved.restored(told, isOfCounty()) ?? Draft.of(told, isOfCounty());
    } catch (error) {
      this.error = error;
    }
  }

  readonly #discard = (): void => {
    this.error = null;
    this.draft = this.draft?.discarded() ?? null;
  };

  readonly #save = (): Promise<void> =>
    this.#working(async (draft) => {
      if (!isOfCounty()) {
        this.draft = Draft.of(await keepOwn(draft.told.own.version, draft.edited, draft.forget), false);
        notify(t('hangrule.saved'), 'ok');
        return;
      }
      const answers = await ask({ title: t('hangrule.publish'), text: t('hangrule.publish.text'), fields: [{ name: 'note', label: t('rules.note'), kind: 'text', required: true }] });
      if (answers === null) return;
      await rulesApi.publishRules('hanging', { content: { protocols: draft.edited as never }, note: answers['note'] ?? '' });
      await countyChanged();
      this.draft = Draft.of(await askAgain(), true);
      notify(t('hangrule.published'), 'ok');
    });

  readonly #toDefault = (): Promise<void> =>
    this.#working(async (draft) => {
      if (isOfCounty()) {
        const { editions } = await rulesApi.chapter('hanging');
        this.draft = draft.shipped(editions.find(({ version }) => version === 0)?.content ?? {});
        return;
      }
      if (!(await confirmed({ title: t('hangrule.default'), text: t('hangrule.default.text'), danger: true }))) return;
      this.draft = Draft.of(await dropOwn(), false);
      notify(t('hangrule.dropped'), 'ok');
    });

  async #working(work: (draft: Draft) => Promise<void>): Promise<void> {
    const { draft } = this;
    if (draft === null || this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await work(draft);
    } catch (error) {
      await this.#refused(draft, error);
    } finally {
      this.busy = false;
    }
  }

  /** What is wrong stands at its field, and the form opens there. */
  async #refused(draft: Draft, error: unknown): Promise<void> {
    this.error = error;
    if (error instanceof ApiError && error.isConflict) this.draft = draft.rebased(await askAgain());
    const faulty = draft.faulty(error);
    if (faulty === null) return;
    this.draft = faulty;
    this.error = null;
    this.selected = [...faulty.faults.keys()][0]?.split('/')[0] ?? this.selected;
    notify(t('hangrule.refused', { n: faulty.faults.size }), 'danger');
  }

  readonly #leaving = (event: BeforeUnloadEvent): void => {
    if (this.draft?.isChanged) event.preventDefault();
  };
}

function saidOf(error: unknown): string {
  return error instanceof ApiError && error.isConflict ? t('hangrule.elsewhere') : inWords(error);
}

function isOfCounty(): boolean {
  return !hasRole('radiologist', 'auditor');
}
