import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';

import type { Radpeer, Review, ReviewLine } from '../api/quality-types.ts';
import type { StudyDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { reportText } from '../report/report-view.ts';
import { api, quality } from '../session.ts';
import { badgeStyles, modalityBadge } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../viewer/study-viewer.ts';

const SCORES: readonly Radpeer[] = ['1', '2a', '2b', '3a', '3b'];

/** A second look at signed reports, without the names of those who wrote and signed them. */
@customElement('reviews-page')
export class ReviewsPage extends AppElement {
  @state() private lines: readonly ReviewLine[] = [];
  @state() private review: Review | null = null;
  @state() private study: StudyDetail | null = null;
  @state() private score: Radpeer | null = null;
  @state() private missing = false;
  @state() private error: unknown = null;
  @state() private busy = false;
  @query('textarea') private comment!: HTMLTextAreaElement | null;

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      :host {
        height: 100%;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) clamp(360px, 27vw, 520px);
        height: 100%;
      }
      study-viewer,
      .images {
        min-height: 0;
        height: 100%;
        background: #000;
      }
      aside {
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-height: 0;
        padding: 14px 16px;
        overflow: auto;
        border-left: 1px solid var(--line);
        background: var(--surface);
      }
      .scores {
        display: grid;
        gap: 4px;
      }
      .scores button {
        justify-content: flex-start;
        white-space: normal;
        text-align: left;
      }
      .scores button[aria-pressed='true'] {
        border-color: var(--accent);
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-weight: 600;
      }
      small,
      .label {
        color: var(--muted);
      }
      label {
        display: grid;
        gap: 4px;
      }
      .field-error {
        color: var(--danger);
      }
      @media (max-width: 900px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
          grid-template-rows: 50vh auto;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list();
  }

  override render(): TemplateResult {
    if (this.error !== null) return html`<p class="empty" role="alert">${inWords(this.error)}</p>`;
    const review = this.review;
    if (review === null) return this.#waiting();
    return html`<div class="columns">
      <div class="images">${this.study === null ? nothing : html`<study-viewer .study=${this.study}></study-viewer>`}</div>
      <aside data-testid="review">
        <header>
          <h1 class="sr-only">${t('reviews.title')}</h1>
          ${modalityBadge(review.modality)} <b>${review.description || review.body_part}</b>
          <small>${this.#patient(review)} · ${t(`reviews.drawn.${review.drawn_by}`)} · ${t('reviews.blind')}</small>
        </header>
        ${reportText({ ...review, structure: null }, review.modality)} ${this.#form()}
      </aside>
    </div>`;
  }

  #waiting(): TemplateResult {
    return html`<div class="empty" data-testid="reviews">
      <h1 class="sr-only">${t('reviews.title')}</h1>
      <strong>${this.lines.length === 0 ? t('reviews.none') : t('reviews.waiting', { n: this.lines.length })}</strong>
      ${this.lines.length === 0
        ? nothing
        : html`<p style="margin-top:16px">
            <button class="primary" data-testid="review-next" ?disabled=${this.busy} @click=${this.#next}>${t('reviews.next')}</button>
          </p>`}
    </div>`;
  }

  #form(): TemplateResult {
    return html`<div class="scores" role="group" aria-label=${t('reviews.score')}>
        <span class="label">${t('reviews.score')}</span>
        ${SCORES.map(
          (score) => html`<button data-testid="score-${score}" aria-pressed=${this.score === score} @click=${() => this.#pick(score)}>
            ${t(`radpeer.${score}` as MessageKey)}
          </button>`,
        )}
      </div>
      <label>
        <span class="label">${t('reviews.comment')}</span>
        <textarea rows="4" data-testid="review-comment" aria-invalid=${this.missing}></textarea>
        ${this.missing ? html`<span class="field-error" role="alert">${t('reviews.comment.missing')}</span>` : nothing}
      </label>
      <button class="primary" data-testid="review-submit" ?disabled=${this.busy || this.score === null} @click=${this.#submit}>
        ${t('reviews.submit')}
      </button>`;
  }

  #patient({ sex, age }: Review): string {
    const years = age === null ? '' : `${Math.floor(age)}`;
    return [sex === 'M' ? '♂' : sex === 'F' ? '♀' : '', years].filter((one) => one !== '').join(' ');
  }

  #pick(score: Radpeer): void {
    this.score = score;
    this.missing = false;
  }

  async #submit(): Promise<void> {
    const { review, score } = this;
    const comment = this.comment?.value.trim() ?? '';
    if (review === null || score === null) return;
    this.missing = score !== '1' && comment === '';
    if (this.missing) {
      this.comment?.focus();
      return;
    }
    await this.#working(async () => {
      await quality.giveReview(review.id, score, comment);
      notify(t('reviews.done'), 'ok');
      this.review = null;
      await this.#take();
    });
  }

  async #next(): Promise<void> {
    await this.#working(() => this.#take());
  }

  async #take(): Promise<void> {
    const review = (await quality.nextReview()) ?? null;
    this.score = null;
    this.study = null;
    this.review = review;
    if (review === null) await this.#list();
    else this.study = nameless(await api.study(review.study_instance_uid));
  }

  async #list(): Promise<void> {
    try {
      this.lines = (await quality.reviews()).items;
    } catch (error) {
      this.error = error;
    }
  }

  async #working(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  }
}

/** The study without what the viewer would write over its images of whose they are. */
function nameless(study: StudyDetail): StudyDetail {
  return { ...study, institution_name: '', institution_name_en: '', device: '', patient: { ...study.patient, name: '', id: '' } };
}
