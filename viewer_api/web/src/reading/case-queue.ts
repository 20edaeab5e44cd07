import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';

import { onChange } from '../api/live.ts';
import { ApiError } from '../api/problem.ts';
import type { Task } from '../api/types.ts';
import { localName, t, word } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { personName, sexAge } from '../lib/patient.ts';
import { links } from '../router.ts';
import { api, currentUser } from '../session.ts';
import { badgeStyles, modalityBadge, priorityBadge, stateMark } from '../ui/badges.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { examName } from '../worklist/exam-name.ts';
import { keepView, lastView } from '../worklist/last-view.ts';
import '../ui/due-clock.ts';
import './unsent-drafts.ts';

const CHANGES_MS = 800;
const MOST = 30;

/** The cases of the reader and those that are due next, at the left of the images. Fires `queue-toggle` and `queue-left`. */
@customElement('case-queue')
export class CaseQueue extends AppElement {
  /** The case on screen. */
  @property({ type: Number }) current = 0;
  @property({ type: Boolean, reflect: true }) open = false;
  @state() private mine: readonly Task[] = [];
  @state() private due: readonly Task[] = [];
  @state() private isOld = false;

  #stop = (): void => undefined;
  #loading: Promise<void> = Promise.resolve();
  readonly #refresh = debounce(() => void (this.open && this.#load()), CHANGES_MS, 4 * CHANGES_MS);

  static override styles = [
    base,
    controls,
    badgeStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        border-right: 1px solid var(--line);
        background: var(--surface);
      }
      header {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 4px;
        border-bottom: 1px solid var(--line);
      }
      :host(:not([open])) header {
        flex-direction: column;
      }
      h2 {
        flex: 1;
        padding-left: 8px;
        font-size: 14px;
        font-weight: 600;
      }
      .toggle {
        min-height: 30px;
        width: 30px;
        padding: 0;
      }
      :host([open]) .toggle svg {
        transform: rotate(180deg);
      }
      .lists {
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      h3 {
        padding: 10px 12px 4px;
        color: var(--muted);
        font-size: 12.5px;
        font-weight: 500;
      }
      a {
        display: grid;
        gap: 2px;
        padding: 6px 12px;
        border-left: 3px solid transparent;
        color: var(--text);
      }
      a:hover {
        background: var(--hover);
        text-decoration: none;
      }
      a:focus-visible {
        outline-offset: -2px;
      }
      a[aria-current='true'] {
        border-left-color: var(--accent);
        background: var(--accent-soft);
      }
      .line {
        display: flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        overflow: hidden;
      }
      .line b {
        flex: 1;
        min-width: 0;
        font-weight: 600;
      }
      small {
        color: var(--muted);
      }
      .none,
      .old {
        padding: 6px 12px;
        color: var(--muted);
        font-size: 13px;
      }
      .old {
        color: var(--soon);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['tasks'], this.#refresh);
  }

  /** Nobody sees a queue that is closed: it leaves the line to the images. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open) this.#loading = this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
  }

  /** The case on screen, or the first one, as soon as the list is there. */
  override focus(): void {
    this.#focusRow();
    void this.#focusRowOnce();
  }

  async #focusRowOnce(): Promise<void> {
    await this.updateComplete;
    await this.#loading;
    await this.updateComplete;
    // Whoever has gone on in the meantime stays where he is.
    if (this.shadowRoot?.activeElement instanceof HTMLButtonElement) this.#focusRow();
  }

  #focusRow(): void {
    const row = this.renderRoot.querySelector<HTMLElement>('a[aria-current=true]') ?? this.renderRoot.querySelector<HTMLElement>('a');
    (row ?? this.renderRoot.querySelector<HTMLElement>('button'))?.focus();
  }

  override render(): TemplateResult {
    const label = t(this.open ? 'queue.close' : 'queue.open');
    return html`<header>
        ${this.open ? html`<h2>${t('queue.title')}</h2>` : nothing}
        <button
          class="quiet toggle"
          aria-expanded=${this.open}
          aria-label=${label}
          title="${label} · Alt Q"
          data-testid="queue-toggle"
          @click=${() => this.tell('queue-toggle')}
        >
          ${icon('forward', 16)}
        </button>
      </header>
      ${this.open ? this.#lists() : nothing}`;
  }

  #lists(): TemplateResult {
    return html`<nav class="lists" aria-label=${t('queue.title')} data-testid="case-queue" @keydown=${this.#keydown}>
      <unsent-drafts></unsent-drafts>
      ${this.isOld ? html`<p class="old" role="status">${t('queue.old')}</p>` : nothing}
      ${this.#list('queue.mine', this.mine, 'queue.mine.none')} ${this.#list('queue.due', this.due, 'queue.due.none')}
    </nav>`;
  }

  #list(title: 'queue.mine' | 'queue.due', tasks: readonly Task[], none: 'queue.mine.none' | 'queue.due.none'): TemplateResult {
    return html`<h3>${t(title, { n: tasks.length })}</h3>
      ${tasks.length === 0 ? html`<p class="none">${t(none)}</p>` : nothing}
      ${repeat(tasks, ({ id }) => id, (task) => this.#row(task, title === 'queue.mine'))}`;
  }

  #row(task: Task, isMine: boolean): TemplateResult {
    const name = personName(task.patient.name);
    const place = localName(task.institution_name, task.institution_name_en);
    return html`<a
      href=${links.read(task.id)}
      data-testid="queue-row"
      data-task-id=${task.id}
      aria-current=${task.id === this.current}
      aria-label=${t('worklist.open', { name, modality: word('modality', task.modality) })}
      title=${place}
    >
      <span class="line">${modalityBadge(task.modality)}<b class="truncate">${name}</b><small class="num">${sexAge(task.patient)}</small></span>
      <span class="line"><small class="truncate" style="flex:1">${examName(task)}</small>${priorityBadge(task.priority)}</span>
      <span class="line">${isMine ? html`<small style="flex:1">${stateMark(task.state)}</small>` : nothing}<due-clock compact .task=${task}></due-clock></span>
    </a>`;
  }

  /** Arrow keys move between the cases; the viewer must not hear of them. */
  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      this.tell('queue-left');
      return;
    }
    const rows = [...this.renderRoot.querySelectorAll('a')];
    const at = rows.indexOf(event.composedPath()[0] as HTMLAnchorElement);
    const to = MOVES[event.key]?.(at, rows.length);
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
  }

  async #load(): Promise<void> {
    const username = currentUser()?.username ?? '';
    try {
      const [mine, open] = await Promise.all([api.tasks({ mine: true, limit: MOST }), api.tasks({ limit: MOST })]);
      const own = new Set(mine.items.map(({ id }) => id));
      this.#show(mine.items, open.items.filter((task) => !own.has(task.id) && mayTake(task)));
      this.isOld = false;
      keepView(username, 'mine', this.mine);
      keepView(username, 'due', this.due);
    } catch (error) {
      this.isOld = error instanceof ApiError && error.isUnreachable;
      if (this.mine.length + this.due.length === 0) this.#show(lastView(username, 'mine') ?? [], lastView(username, 'due') ?? []);
    }
  }

  #show(mine: readonly Task[], due: readonly Task[]): void {
    [this.mine, this.due] = [mine, due];
  }
}

const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

function mayTake({ allowed_actions: actions }: Task): boolean {
  return actions.includes('claim') || actions.includes('resume');
}
