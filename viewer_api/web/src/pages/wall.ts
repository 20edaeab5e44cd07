import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import type { Wall } from '../api/boards-types.ts';
import { ApiError } from '../api/problem.ts';
import '../boards/county-figures.ts';
import { openTasks } from '../boards/figures.ts';
import { locale, t } from '../i18n/index.ts';
import { boards, borrowToken } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { base } from '../ui/styles.ts';

const RETRY_MS = 5000;
const SECOND = 1000;
const REVOKED = 401;

/** A screen on the wall: the county's figures in large type, without anybody's name; asks again by itself, for ever. */
@customElement('wall-page')
export class WallPage extends AppElement {
  @property() token = '';
  @state() private wall: Wall | null = null;
  @state() private lost = false;
  @state() private ended = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: 18px;
        min-height: 100%;
        padding: 18px 24px;
        background: var(--bg);
      }
      header {
        display: flex;
        align-items: baseline;
        gap: 32px;
      }
      h1 {
        font-size: 30px;
        font-weight: 600;
      }
      .sum {
        font-size: 26px;
      }
      .sum b {
        font-size: 40px;
      }
      .breached b {
        color: var(--danger);
      }
      time {
        margin-left: auto;
        font-size: 40px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
      }
      time small {
        margin-right: 18px;
        font-size: 22px;
        font-weight: 400;
        color: var(--muted);
      }
      .state {
        padding: 10px 18px;
        border-radius: 8px;
        background: var(--danger);
        color: var(--surface);
        font-size: 24px;
      }
      .stale {
        opacity: 0.45;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    borrowToken(null);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('token')) return;
    borrowToken(this.token);
    void this.#look();
  }

  override render(): TemplateResult {
    const day = new Date(now.value);
    const date = new Intl.DateTimeFormat(locale(), { dateStyle: 'full' }).format(day);
    const clock = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium', hourCycle: 'h23' }).format(day);
    return html`<header>
        <h1>${t('app.name')}</h1>
        ${this.wall === null ? nothing : this.#sums(this.wall)}
        <time data-testid="wall-clock"><small>${date}</small>${clock}</time>
      </header>
      ${this.ended ? html`<p class="state" role="alert" data-testid="wall-ended">${t('wall.ended')}</p>` : this.lost ? html`<p class="state" role="status" data-testid="wall-lost">${t('wall.lost')}</p>` : nothing}
      ${this.wall === null || this.ended ? nothing : html`<county-figures large class=${this.lost ? 'stale' : ''} data-testid="wall" .wall=${this.wall}></county-figures>`}`;
  }

  #sums(wall: Wall): TemplateResult {
    const breached = openTasks(wall, 'breached');
    return html`<span class="sum">${t('board.open')} <b class="num">${openTasks(wall)}</b></span>
      <span class="sum ${breached > 0 ? 'breached' : ''}">${t('board.step.breached')} <b class="num">${breached}</b></span>`;
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    let pause = RETRY_MS;
    try {
      this.wall = await boards.wall();
      this.lost = this.ended = false;
      pause = this.wall.seconds * SECOND;
    } catch (error) {
      this.ended = error instanceof ApiError && error.status === REVOKED;
      this.lost = !this.ended;
      if (this.ended) this.wall = null;
    }
    // Also a revoked link is tried again: a county that moved its database may bring it back.
    if (this.isConnected) this.#timer = setTimeout(() => void this.#look(), this.ended ? RETRY_MS * 12 : pause);
  }
}
