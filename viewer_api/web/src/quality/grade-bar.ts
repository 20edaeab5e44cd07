import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { GivenGrade, Grade, Grades, Reason } from '../api/quality-types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { quality } from '../session.ts';
import { pending } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { keepInTurn } from './grade-keeping.ts';

const GRADES: readonly Grade[] = ['A', 'B', 'C', 'reject'];
const NEED_REASONS: ReadonlySet<Grade> = new Set(['C', 'reject']);

/** Grades the images of the case in hand: one press, or Alt with 1 to 4, also from a text field. */
@customElement('grade-bar')
export class GradeBar extends AppElement {
  @property({ type: Number }) task = 0;
  @property() modality = '';
  @property() step: 'read' | 'audit' = 'read';
  @state() private grades: Grades | null = null;
  @state() private chosen: Grade | null = null;
  @state() private reasons: readonly string[] = [];
  @state() private known: readonly Reason[] = [];

  static override styles = [
    base,
    controls,
    css`
      :host {
        flex: none;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        align-items: center;
      }
      .label {
        margin-right: 6px;
        color: var(--muted);
        font-size: 13px;
      }
      button {
        min-width: 34px;
        padding: 0 8px;
      }
      button[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-weight: 600;
      }
      .who {
        margin-left: auto;
        color: var(--muted);
        font-size: 12.5px;
      }
      .reasons {
        margin-top: 4px;
        max-height: 68px;
        overflow: auto;
      }
      .ask {
        color: var(--soon);
        font-size: 12.5px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if ((changed.has('task') || changed.has('step')) && this.task > 0) void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="row" role="group" aria-label=${t('grade.label')} data-testid="grade-bar">
        <span class="label">${t('grade.label')}</span>
        ${GRADES.map((grade, at) => this.#button(grade, at + 1))} ${this.#hint()}
      </div>
      ${this.chosen === null || this.chosen === 'A' ? nothing : this.#reasons()}`;
  }

  #button(grade: Grade, key: number): TemplateResult {
    return html`<button
      class="small"
      data-testid="grade-${grade}"
      title=${t('grade.key', { grade: t(`grade.${grade}`), key })}
      aria-pressed=${this.chosen === grade}
      @click=${() => this.#choose(grade)}
    >
      ${t(`grade.${grade}`)}
    </button>`;
  }

  #hint(): TemplateResult | typeof nothing {
    const others = (this.grades?.items ?? []).filter(({ step }) => step !== this.step);
    if (others.length > 0) return html`<span class="who">${others.map(said)}</span>`;
    return this.grades?.required && this.chosen === null ? html`<span class="ask">${t('grade.required')}</span>` : nothing;
  }

  #reasons(): TemplateResult {
    const missing = this.chosen !== null && NEED_REASONS.has(this.chosen) && this.reasons.length === 0;
    return html`<div class="row reasons" role="group" aria-label=${t('grade.why')}>
      ${missing ? html`<span class="ask">${t('grade.needs_reason')}</span>` : nothing}
      ${this.known.map(
        ({ code, zh, en }) => html`<button
          class="small"
          data-testid="grade-reason-${code}"
          aria-pressed=${this.reasons.includes(code)}
          @click=${() => this.#toggle(code)}
        >
          ${localName(zh, en)}
        </button>`,
      )}
    </div>`;
  }

  #choose(grade: Grade): void {
    this.chosen = grade;
    if (grade === 'A') this.reasons = [];
    this.#save();
  }

  #toggle(code: string): void {
    this.reasons = this.reasons.includes(code) ? this.reasons.filter((one) => one !== code) : [...this.reasons, code];
    this.#save();
  }

  #save(): void {
    const [task, grade, reasons] = [this.task, this.chosen, this.reasons];
    if (grade === null || (NEED_REASONS.has(grade) && reasons.length === 0)) return;
    keepInTurn(async () => {
      try {
        const grades = await quality.grade(task, grade, reasons);
        if (task === this.task) this.grades = grades;
      } catch (error) {
        notify(inWords(error), 'danger');
      }
    });
  }

  async #load(): Promise<void> {
    const task = this.task;
    const [rules, grades] = await Promise.all([quality.rules(), quality.grades(task)]).catch(() => [null, null] as const);
    if (task !== this.task || rules === null || grades === null) return;
    this.known = rules.reasons.filter(({ modalities }) => modalities.length === 0 || modalities.includes(this.modality));
    this.grades = grades;
    const own = grades.items.find(({ step }) => step === this.step);
    this.chosen = own?.grade ?? null;
    this.reasons = own?.reasons ?? [];
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (!event.altKey || event.ctrlKey || event.metaKey || pending.value !== null) return;
    const grade = GRADES[['Digit1', 'Digit2', 'Digit3', 'Digit4'].indexOf(event.code)];
    if (grade === undefined) return;
    event.preventDefault();
    this.#choose(grade);
  };
}

function said({ step, grade, graded_by_name }: GivenGrade): string {
  return t('grade.by', { step: t(`grade.step.${step}`), name: `${t(`grade.${grade}`)} · ${graded_by_name}` });
}
