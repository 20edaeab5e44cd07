import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { StudyDetail } from '../../api/types.ts';
import { inWords } from '../../i18n/errors.ts';
import { t } from '../../i18n/index.ts';
import { ask } from '../../ui/dialog.ts';
import { AppElement } from '../../ui/element.ts';
import { icon } from '../../ui/icons.ts';
import { notify } from '../../ui/notify.ts';
import { base, controls } from '../../ui/styles.ts';
import type { StackStore } from '../stage/stack-store.ts';
import { chosen, measurementsOf } from './kept.ts';
import { nameOf, type Measurement } from './kinds.ts';
import { find, type Found } from './places.ts';
import { isUnsaved, type StudyMeasurements } from './study-measurements.ts';
import { values } from './wording.ts';

/** All measurements of a study. Fires `measurement-go` and `measurement-report` with one of them. */
@customElement('measuring-panel')
export class MeasuringPanel extends AppElement {
  @property({ attribute: false }) study!: StudyDetail;
  @property({ attribute: false }) stacks!: StackStore;
  @state() private places: ReadonlyMap<number, Found> = new Map();
  #kept: StudyMeasurements | null = null;
  #stop: () => void = () => undefined;

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: absolute;
        z-index: 6;
        top: 48px;
        right: 8px;
        width: min(340px, calc(100% - 16px));
        max-height: calc(100% - 56px);
        overflow: auto;
        padding: 10px 12px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        font-size: 15px;
        font-weight: 600;
      }
      li {
        padding: 8px;
        border-top: 1px solid var(--line);
        cursor: pointer;
      }
      li.chosen {
        background: var(--accent-soft);
      }
      small {
        color: var(--muted);
      }
      button.name {
        display: inline;
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        font-weight: 600;
        overflow-wrap: anywhere;
        white-space: normal;
        text-align: left;
      }
      .tools button {
        padding: 0 6px;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        align-items: center;
        margin-top: 4px;
      }
      label {
        display: inline-flex;
        gap: 4px;
        align-items: center;
        font-size: 13px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(chosen);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('study')) return;
    this.#stop();
    this.#kept = measurementsOf(this.study.study_instance_uid);
    this.#stop = this.#kept.items.subscribe(() => void this.#locate());
    void this.#locate();
  }

  override render(): TemplateResult {
    const items = this.#kept?.items.value ?? [];
    return html`<section data-testid="measuring-panel" aria-label=${t('measure.list')}>
      <header>
        <h2>${t('measure.list')}</h2>
        <button class="quiet icon" aria-label=${t('app.close')} @click=${() => this.tell('measurements-close')}>${icon('close')}</button>
      </header>
      ${items.length === 0 ? html`<p class="muted">${t('measure.list.none')}</p>` : nothing}
      <ul>
        ${items.map((one) => this.#item(one))}
      </ul>
    </section>`;
  }

  #item(one: Measurement): TemplateResult {
    const place = this.places.get(one.id);
    return html`<li class=${one.id === chosen.value ? 'chosen' : ''} data-testid="measurement-item" @click=${() => this.#go(one)}>
      <button class="small name" title=${t('measure.go')} data-testid="measurement-go">${one.label || t(nameOf(one.kind))}</button>
      <span class="num">${values(one).join(' · ')}</span>
      ${place === undefined ? nothing : html`<br /><small>${t('measure.by', { author: one.author, series: place.number, image: place.index + 1 })}</small>`}
      <div class="tools" @click=${(event: Event) => event.stopPropagation()}>
        <button class="small quiet" data-testid="measurement-report" @click=${() => this.tell('measurement-report', one)}>${t('measure.into_report.short')}</button>
        ${this.#kept?.mayChange(one) === true ? this.#changes(one) : nothing}
      </div>
    </li>`;
  }

  #changes(one: Measurement): TemplateResult {
    return html`<button class="small quiet" data-testid="measurement-rename" @click=${() => void this.#rename(one)}>${t('measure.rename')}</button>
      <button class="small quiet" data-testid="measurement-delete" @click=${() => this.#do((kept) => kept.remove(one))}>${t('measure.delete')}</button>
      ${isUnsaved(one)
        ? nothing
        : html`<label title=${t('measure.clinic.hint')}>
            <input
              type="checkbox"
              data-testid="measurement-clinic"
              .checked=${one.for_clinic}
              @change=${(event: Event) => this.#do((kept) => kept.change(one, { for_clinic: (event.target as HTMLInputElement).checked }))}
            />${t('measure.clinic')}</label
          >`}`;
  }

  #go(one: Measurement): void {
    chosen.set(one.id);
    this.tell('measurement-go', one);
  }

  async #rename(one: Measurement): Promise<void> {
    const answers = await ask({ title: t('measure.rename'), fields: [{ name: 'label', label: t('measure.label'), kind: 'text', value: one.label }] });
    if (answers !== null) this.#do((kept) => kept.change(one, { label: (answers['label'] ?? '').slice(0, 200) }));
  }

  #do(change: (kept: StudyMeasurements) => Promise<void>): void {
    if (this.#kept !== null) void change(this.#kept).catch((error: unknown) => notify(inWords(error), 'danger'));
  }

  async #locate(): Promise<void> {
    this.requestUpdate();
    const places = new Map<number, Found>();
    for (const one of this.#kept?.items.value ?? []) {
      const place = await find(this.stacks, this.study, one).catch(() => null);
      if (place !== null) places.set(one.id, place);
    }
    this.places = places;
  }
}
