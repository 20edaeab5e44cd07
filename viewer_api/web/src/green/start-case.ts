import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import type { Study } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { fullDay, moment } from '../lib/time.ts';
import { api, green } from '../session.ts';
import { badgeStyles, modalityBadge, stateMark } from '../ui/badges.ts';
import { now } from '../ui/clock.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import { examName } from '../worklist/exam-name.ts';
import { KINDS, type GreenKind } from './green-api.ts';

const TYPING_MS = 250;
const SHOWN = 8;

/** Finds the patient by a study of his, and puts him on the green channel. Fires `started`. */
@customElement('start-green-case')
export class StartGreenCase extends AppElement {
  @state() private studies: readonly Study[] | null = null;
  @state() private error: unknown = null;
  #typed = '';
  readonly #find = debounce(() => void this.#search(), TYPING_MS);

  static override styles = [
    base,
    controls,
    surfaces,
    badgeStyles,
    css`
      .body {
        display: grid;
        gap: 10px;
        padding: 12px 16px;
      }
      input {
        width: 100%;
      }
      li {
        display: grid;
        grid-template-columns: 56px minmax(0, 1.2fr) minmax(0, 1.6fr) minmax(0, 1fr) 130px auto;
        gap: 12px;
        align-items: center;
        padding: 8px 0;
        border-top: 1px solid var(--line);
      }
      @media (max-width: 900px) {
        li {
          grid-template-columns: 56px minmax(0, 1fr) auto;
        }
        .wide {
          display: none;
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#search();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#find.cancel();
  }

  override render(): TemplateResult {
    return html`<section class="card" data-testid="green-start">
      <header><h2>${t('green.start')}</h2></header>
      <div class="body">
        <p class="muted">${t('green.start.how')}</p>
        <input type="search" data-testid="green-search" placeholder=${t('green.start.find')} aria-label=${t('green.start.find')} @input=${this.#type} />
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.#found()}
      </div>
    </section>`;
  }

  #found(): TemplateResult | typeof nothing {
    if (this.studies === null) return nothing;
    if (this.studies.length === 0) return html`<p class="muted">${t('green.start.none')}</p>`;
    return html`<ul>
      ${this.studies.map(
        (study) => html`<li>
          ${modalityBadge(study.modality)}
          <span class="truncate"><b>${personName(study.patient.name)}</b> <span class="num">${sexAge(study.patient)}</span></span>
          <span class="truncate wide">${examName(study)}</span>
          <span class="truncate muted wide">${localName(study.institution_name, study.institution_name_en)}</span>
          <span class="wide num">${stateMark(study.state)} <small class="muted">${study.exam_date === null ? moment(study.exam_started_at ?? study.first_received_at, now.value) : fullDay(study.exam_date)}</small></span>
          <button class="small primary" data-testid="green-choose" @click=${() => this.#begin(study)}>${t('green.start.choose')}</button>
        </li>`,
      )}
    </ul>`;
  }

  #type = (event: InputEvent): void => {
    this.#typed = (event.target as HTMLInputElement).value.trim();
    this.#find();
  };

  async #search(): Promise<void> {
    const typed = this.#typed;
    try {
      const { items } = await api.studies({ q: typed, limit: SHOWN });
      if (typed !== this.#typed) return;
      this.studies = items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #begin(study: Study): Promise<void> {
    if (await startFor(study)) this.tell('started');
  }
}

/** Asks for the kind and starts the case; false when it was cancelled or refused. */
export async function startFor(study: Pick<Study, 'study_instance_uid' | 'patient'>): Promise<boolean> {
  const answers = await ask({
    title: t('green.start.for', { name: personName(study.patient.name) }),
    fields: [
      {
        name: 'kind',
        label: t('green.kind'),
        kind: 'select',
        required: true,
        choices: KINDS.map((kind) => ({ value: kind, label: t(`green.kind.${kind}`) })),
      },
      { name: 'reason', label: t('green.reason'), kind: 'text' },
    ],
    ok: t('green.start.choose'),
  });
  if (answers === null) return false;
  try {
    await green.start(study.study_instance_uid, answers['kind'] as GreenKind, answers['reason'] ?? '');
    notify(t('green.started'), 'ok');
    return true;
  } catch (error) {
    notify(inWords(error), 'danger');
    return false;
  }
}
