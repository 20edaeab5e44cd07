import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { onChange } from '../api/live.ts';
import type { SpokenLine } from '../api/notices-types.ts';
import { inWords } from '../i18n/errors.ts';
import { t, word } from '../i18n/index.ts';
import { debounce } from '../lib/debounce.ts';
import { moment } from '../lib/time.ts';
import { currentUser, noticesApi } from '../session.ts';
import { now } from '../ui/clock.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';

const SETTLE_MS = 300;
const LONGEST = 2000;

/** What clinic and centre say to each other about a study: notes, questions, answers and retakes in their order. */
@customElement('study-conversation')
export class StudyConversation extends AppElement {
  @property() uid = '';
  @state() private lines: readonly SpokenLine[] = [];
  @state() private text = '';
  @state() private busy = false;
  #stop = (): void => undefined;
  readonly #refresh = debounce(() => void this.#load(), SETTLE_MS, 4 * SETTLE_MS);

  static override styles = [
    base,
    controls,
    css`
      summary {
        padding: 2px 0;
        color: var(--muted);
        cursor: pointer;
      }
      summary b {
        color: var(--accent);
      }
      ol {
        display: grid;
        gap: 8px;
        max-height: 300px;
        margin: 8px 0;
        overflow: auto;
      }
      li {
        justify-self: start;
        max-width: 88%;
        padding: 6px 10px;
        border-radius: 8px;
        background: var(--raised);
        border: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li.mine {
        justify-self: end;
        background: var(--accent-soft);
      }
      small {
        display: block;
        color: var(--muted);
        font-size: 12px;
      }
      .words {
        white-space: pre-line;
      }
      form {
        display: flex;
        gap: 8px;
        align-items: flex-end;
      }
      textarea {
        flex: 1;
        min-height: 38px;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(now);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onChange(['notices', 'tasks'], this.#refresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
    this.#refresh.cancel();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('uid')) return;
    this.lines = [];
    this.text = '';
    if (this.uid !== '') void this.#load();
  }

  override render(): TemplateResult {
    const unread = this.#unread().length;
    return html`<details data-testid="conversation" @toggle=${this.#toggled}>
      <summary>
        ${this.lines.length === 0 ? t('notes.title') : t('notes.title.count', { n: this.lines.length })}
        ${unread === 0 ? nothing : html`<b data-testid="notes-unread">${t('notes.unread', { n: unread })}</b>`}
      </summary>
      <ol aria-label=${t('notes.title')}>
        ${this.lines.map((line) => this.#line(line))}
      </ol>
      ${currentUser()?.role === 'admin' ? nothing : this.#form()}
    </details>`;
  }

  #line(line: SpokenLine): TemplateResult {
    const seen = line.seen_by.map(({ name }) => name).join(t('notes.comma'));
    return html`<li class=${line.mine ? 'mine' : ''} data-testid="spoken" data-kind=${line.kind}>
      <small class="num">${this.#who(line)} · ${moment(line.at, now.value)}</small>
      <span class="words">${line.code === '' ? nothing : `${word('retake', line.code)} `}${line.text}</span>
      ${seen === '' ? nothing : html`<small>${t('notes.seen_by', { names: seen })}</small>`}
    </li>`;
  }

  #who(line: SpokenLine): string {
    const side = line.side === null ? t('notes.side.system') : t(`notes.side.${line.side}`);
    const who = line.name === '' ? side : `${line.name}（${side}）`;
    return line.kind === 'note' ? who : `${who} · ${t(`notes.kind.${line.kind}`)}`;
  }

  #form(): TemplateResult {
    return html`<form @submit=${this.#send}>
      <textarea
        rows="1"
        maxlength=${LONGEST}
        data-testid="note-text"
        aria-label=${t('notes.write')}
        placeholder=${t('notes.write')}
        .value=${this.text}
        @input=${(event: Event) => (this.text = (event.target as HTMLTextAreaElement).value)}
      ></textarea>
      <button data-testid="note-send" ?disabled=${this.busy || this.text.trim() === ''}>${t('notes.send')}</button>
    </form>`;
  }

  #unread(): readonly SpokenLine[] {
    const name = currentUser()?.name ?? '';
    return this.lines.filter(({ kind, mine, seen_by }) => kind === 'note' && !mine && !seen_by.some((one) => one.name === name));
  }

  get #isOpen(): boolean {
    return this.renderRoot.querySelector('details')?.open ?? false;
  }

  #toggled = (): void => {
    if (this.#isOpen) void this.#see();
  };

  async #load(): Promise<void> {
    const asked = this.uid;
    try {
      const { items } = await noticesApi.conversation(asked);
      if (asked !== this.uid) return;
      this.lines = items;
      if (this.#isOpen) await this.#see();
    } catch {
      // The banner says that the server does not answer; the next change tries again.
    }
  }

  async #see(): Promise<void> {
    const last = this.#unread().at(-1)?.id ?? null;
    if (last === null) return;
    await noticesApi.notesSeen(this.uid, last);
    this.lines = (await noticesApi.conversation(this.uid)).items;
  }

  #send = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    try {
      this.lines = (await noticesApi.writeNote(this.uid, this.text.trim())).items;
      this.text = '';
    } catch (error) {
      notify(inWords(error), 'danger');
    } finally {
      this.busy = false;
    }
  };
}
