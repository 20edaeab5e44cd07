import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { panelStyles } from '../account/panel-styles.ts';
import { ApiError } from '../api/problem.ts';
import type { StudyDetail } from '../api/types.ts';
import { inWords } from '../i18n/errors.ts';
import { localName, t } from '../i18n/index.ts';
import { accounts, api, borrowToken } from '../session.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls, surfaces } from '../ui/styles.ts';

import '../viewer/study-viewer.ts';

/** What somebody outside sees who holds a link: one study, and nothing else. */
@customElement('shared-page')
export class SharedPage extends AppElement {
  @property() token = '';
  @state() private study: StudyDetail | null = null;
  @state() private purpose = '';
  @state() private asks = false;
  @state() private problem = '';

  static override styles = [
    base,
    controls,
    surfaces,
    panelStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
      }
      .head {
        padding: 10px 16px;
        border-bottom: 1px solid var(--line);
      }
      .head h1 {
        display: inline;
        font: inherit;
        font-weight: 600;
      }
      study-viewer {
        flex: 1;
        min-height: 0;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    borrowToken(null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('token')) void this.#open('');
  }

  override render(): TemplateResult {
    if (this.study !== null) {
      const { patient, institution_name, institution_name_en, modality } = this.study;
      return html`<div class="head" data-testid="shared">
          <h1>${patient.name}</h1>
          · ${modality} · ${localName(institution_name, institution_name_en)}
          ${this.purpose === '' ? nothing : html`<span class="muted"> · ${this.purpose}</span>`}
        </div>
        <study-viewer .study=${this.study}></study-viewer>`;
    }
    return html`<div class="page narrow">
      <h1>${t('shared.title')}</h1>
      ${this.problem === '' ? nothing : html`<p class="notice danger" role="alert" data-testid="shared-problem">${this.problem}</p>`}
      ${this.asks ? this.#form() : nothing}
    </div>`;
  }

  #form(): TemplateResult {
    return html`<section class="card"><div class="body">
      <form @submit=${this.#submit}>
        <label>${t('shared.passcode')}<input name="passcode" required autocomplete="off" data-testid="shared-passcode" /></label>
        <div class="actions"><button class="primary">${t('shared.open')}</button></div>
      </form>
    </div></section>`;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('passcode');
    void this.#open(String(given ?? ''));
  }

  async #open(passcode: string): Promise<void> {
    try {
      const visit = await accounts.visit(this.token, passcode);
      borrowToken(visit.token);
      this.purpose = visit.purpose;
      this.study = await api.study(visit.study_instance_uid);
    } catch (error) {
      this.asks = error instanceof ApiError && error.status === 401 && (error.code === 'second_factor_needed' || passcode !== '');
      const ended = error instanceof ApiError && error.status === 401 && error.code !== 'second_factor_needed';
      this.problem = ended ? t('shared.ended') : this.asks ? '' : inWords(error);
    }
  }
}
