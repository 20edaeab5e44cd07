import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';

import { onChange } from '../api/live.ts';
import type { GreenCase, Milestone } from '../green/green-api.ts';
import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { green, hasRole } from '../session.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls, surfaces } from '../ui/styles.ts';
import '../green/case-card.ts';
import '../green/start-case.ts';
import '../ui/connection-banner.ts';

const LOOK_AGAIN_MS = 15_000;
const CHANGES_MS = 400;

/** The green channel: cases with their clocks and moments; a new one is started here, and ended. */
@customElement('green-page')
export class GreenPage extends AppElement {
  @state() private running = true;
  @state() private cases: readonly GreenCase[] | null = null;
  @state() private starting = false;
  @state() private error: unknown = null;
  @state() private busy = false;
  readonly #refresh = debounce(() => void this.#load(), CHANGES_MS, 4 * CHANGES_MS);
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    surfaces,
    css`
      .page {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 12px;
        max-width: 1320px;
        margin: 0 auto;
        padding: 16px;
      }
      .bar {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      h1 {
        margin-right: auto;
        font-size: 18px;
        font-weight: 600;
      }
      @media (max-width: 720px) {
        .page {
          padding: 8px;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.repeat(() => void this.#load(), LOOK_AGAIN_MS);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['tasks', 'results'], this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
  }

  override render(): TemplateResult {
    const mayAct = hasRole('clinic', 'radiologist', 'auditor', 'manager');
    return html`<connection-banner></connection-banner>
      <div class="page">
        <div class="bar">
          <h1>${t('green.title')}</h1>
          ${this.#tab(true, t('green.running'))} ${this.#tab(false, t('green.ended'))}
          ${mayAct
            ? html`<button class="primary" data-testid="green-new" aria-expanded=${this.starting} @click=${() => (this.starting = !this.starting)}>
                ${t('green.start')}
              </button>`
            : nothing}
        </div>
        ${this.error === null ? nothing : html`<p class="notice danger" role="alert">${inWords(this.error)}</p>`}
        ${this.starting ? html`<start-green-case @started=${this.#started}></start-green-case>` : nothing} ${this.#list(mayAct)}
      </div>`;
  }

  #tab(running: boolean, label: string): TemplateResult {
    const pick = (): void => {
      this.running = running;
      this.cases = null;
      void this.#load();
    };
    return html`<button class="small quiet" data-testid="green-${running ? 'running' : 'all'}" aria-pressed=${this.running === running} @click=${pick}>
      ${label}
    </button>`;
  }

  #list(mayAct: boolean): TemplateResult {
    if (this.cases === null) return html`<p class="empty">${this.error === null ? t('app.loading') : ''}</p>`;
    if (this.cases.length === 0) {
      return html`<p class="card empty" data-testid="green-empty">${t(this.running ? 'green.empty' : 'green.empty.all')}</p>`;
    }
    return html`${this.cases.map(
      (one) =>
        html`<green-case
          .case=${one}
          .busy=${this.busy}
          .mayAct=${mayAct}
          @tell=${(event: CustomEvent<{ name: Milestone; at: string }>) => this.#tell(one, event.detail)}
          @end=${() => this.#end(one)}
        ></green-case>`,
    )}`;
  }

  #started = (): void => {
    this.starting = false;
    this.running = true;
    void this.#load();
  };

  async #load(): Promise<void> {
    const running = this.running;
    try {
      const { items } = await green.cases(running);
      if (running !== this.running) return;
      this.cases = items;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #tell(one: GreenCase, { name, at }: { name: Milestone; at: string }): Promise<void> {
    await this.#working(() => green.tell(one.id, name, at), t('green.milestone.saved'));
  }

  async #end(one: GreenCase): Promise<void> {
    const answers = await ask({
      title: t('green.end.title'),
      text: t('green.end.text'),
      fields: [{ name: 'reason', label: t('green.end.reason'), kind: 'textarea', required: true }],
      ok: t('green.end'),
    });
    if (answers !== null) await this.#working(() => green.end(one.id, answers['reason'] ?? ''), t('green.ended.done'));
  }

  async #working(work: () => Promise<unknown>, done: string): Promise<void> {
    this.busy = true;
    try {
      await work();
      notify(done, 'ok');
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
      await this.#load();
    }
  }
}
