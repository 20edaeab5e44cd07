import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';

import type { Phrase, Section } from '../api/templates-types.ts';
import { t, type Language } from '../i18n/index.ts';
import { caretPlace } from '../templates/caret.ts';
import { accepted, endOfChange, matching, nextPlaceholder, typedBefore, wordsOf, type Typed } from '../templates/completion.ts';
import { noteUse } from '../templates/writing-aids.ts';
import { AppElement } from '../ui/element.ts';
import { base, controls } from '../ui/styles.ts';
import { piecesOf, type TextMark } from './text-marks.ts';

interface Popup {
  typed: Typed;
  found: readonly Phrase[];
  /** Of the phrase that Enter takes; none before the first arrow key where letters may be words. */
  picked: number;
  left: number;
  top: number;
}

const WIDTH = 420;
const ROOM = 260;

/** One text of a report, with phrases by a few letters and blanks to jump through. Fires `text-change` and `text-blur`. */
@customElement('report-text')
export class ReportText extends AppElement {
  @property() section: Section = 'findings';
  @property() value = '';
  @property() label = '';
  @property() hint = '';
  @property() language: Language = 'zh';
  @property({ type: Boolean }) invalid = false;
  /** What the writing rules object to. */
  @property({ attribute: false }) marks: readonly TextMark[] = [];
  @property({ attribute: false }) phrases: readonly Phrase[] = [];
  @state() private popup: Popup | null = null;
  @query('textarea') private area!: HTMLTextAreaElement;
  #composing = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        position: relative;
        min-height: 0;
      }
      textarea {
        flex: 1;
        width: 100%;
        min-height: 0;
        font-size: var(--editor-size, 15px);
        resize: none;
        scrollbar-gutter: stable;
      }
      .behind {
        position: absolute;
        inset: 0;
        overflow: hidden;
        padding: 8px 10px;
        border: 1px solid transparent;
        line-height: 1.65;
        color: transparent;
        font-size: var(--editor-size, 15px);
        white-space: pre-wrap;
        overflow-wrap: break-word;
        scrollbar-gutter: stable;
        pointer-events: none;
        z-index: 1;
      }
      mark {
        background: none;
        color: transparent;
        text-decoration: underline wavy var(--soon) 1.5px;
        text-underline-offset: 3px;
        text-decoration-skip-ink: none;
      }
      mark.blocks {
        text-decoration-color: var(--danger);
      }
      ul {
        position: fixed;
        z-index: 30;
        width: ${WIDTH}px;
        max-width: calc(100vw - 16px);
        padding: 4px;
        border: 1px solid var(--line-strong);
        border-radius: 8px;
        background: var(--raised);
        box-shadow: var(--shadow);
      }
      li {
        display: flex;
        gap: 10px;
        padding: 4px 8px;
        border-radius: 5px;
        cursor: pointer;
      }
      li[aria-selected='true'] {
        background: var(--accent-soft);
      }
      li span {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      li code {
        color: var(--muted);
        font: 12px/20px var(--mono);
      }
    `,
  ];

  override focus(): void {
    this.area.focus();
  }

  /** Marks a piece; one without length marks everything. */
  select(start: number, end: number): void {
    this.area.focus();
    this.area.setSelectionRange(start, end > start ? end : this.area.value.length);
  }

  /** Where the next words go. */
  insert(words: string): void {
    const { selectionStart: start, selectionEnd: end, value } = this.area;
    this.#put({ text: value.slice(0, start) + words + value.slice(end), start: start + words.length, end: start + words.length }, '');
  }

  /** Words that came from elsewhere (undo, a field) leave the caret where they changed. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('value') || !this.hasUpdated || this.area.value === this.value) return;
    const caret = endOfChange(this.area.value, this.value);
    const isHere = this.shadowRoot?.activeElement === this.area;
    if (isHere) void this.updateComplete.then(() => this.area.setSelectionRange(caret, caret));
  }

  override render(): TemplateResult {
    const { popup } = this;
    return html`${this.#behind()}<textarea
        name=${this.section}
        data-testid="report-${this.section}"
        aria-label=${this.label}
        placeholder=${this.hint}
        aria-invalid=${this.invalid}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls="phrases"
        aria-activedescendant=${popup !== null && popup.picked >= 0 ? `phrase-${popup.picked}` : nothing}
        spellcheck="false"
        .value=${live(this.value)}
        @input=${this.#input}
        @keydown=${this.#keydown}
        @compositionstart=${this.#composition}
        @compositionend=${this.#composition}
        @click=${this.#close}
        @scroll=${this.#scrolled}
        @blur=${this.#blur}
      ></textarea>
      ${popup === null ? nothing : this.#list(popup)}`;
  }

  /** The same words in the same places, invisible but for the lines under what is marked. */
  #behind(): TemplateResult | typeof nothing {
    if (this.marks.length === 0) return nothing;
    return html`<div class="behind" aria-hidden="true" data-testid="marks-${this.section}">${piecesOf(this.value, this.marks).map(
      ({ text, severity }) => (severity === null ? text : html`<mark class=${severity}>${text}</mark>`),
    )}</div>`;
  }

  #list({ found, picked, left, top }: Popup): TemplateResult {
    return html`<ul
      id="phrases"
      role="listbox"
      aria-label=${t('phrase.popup')}
      data-testid="phrase-popup"
      style="left:${left}px;top:${top}px"
    >
      ${found.map(
        (phrase, n) =>
          html`<li
            id="phrase-${n}"
            role="option"
            aria-selected=${n === picked}
            title=${wordsOf(phrase, this.language)}
            @mousedown=${(event: Event) => {
              event.preventDefault();
              this.#accept(n);
            }}
          >
            <span>${wordsOf(phrase, this.language)}</span><code>${phrase.code}</code>
          </li>`,
      )}
    </ul>`;
  }

  readonly #input = (event: Event): void => {
    const isComposing = this.#composing || (event as InputEvent).isComposing;
    this.value = this.area.value;
    this.tell('text-change', { value: this.area.value, mark: this.section });
    if (isComposing) this.popup = null;
    else this.#look(typedBefore(this.area.value, this.area.selectionStart, this.language));
  };

  /** What an input method shows while it is at work are no letters of ours. */
  readonly #composition = (event: Event): void => {
    this.#composing = event.type === 'compositionstart';
    this.popup = null;
  };

  #look(typed: Typed | null): void {
    const found = typed === null ? [] : matching(this.phrases, typed.letters, this.section, this.language);
    if (typed === null || found.length === 0) {
      this.popup = null;
      return;
    }
    const { left, top, bottom } = caretPlace(this.area, typed.start);
    const fits = bottom + ROOM < innerHeight;
    const place = { left: Math.max(8, Math.min(left, innerWidth - WIDTH - 8)), top: fits ? bottom + 2 : Math.max(8, top - found.length * 28 - 14) };
    this.popup = { typed, found, picked: this.language === 'zh' || typed.letters === '' ? 0 : -1, ...place };
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (event.isComposing || this.#composing) return;
    const isDone = this.popup === null ? this.#plainKey(event) : this.#popupKey(event, this.popup);
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
  };

  #popupKey(event: KeyboardEvent, popup: Popup): boolean {
    const { key } = event;
    const n = popup.found.length;
    if (key === 'ArrowDown') this.popup = { ...popup, picked: (popup.picked + 1) % n };
    else if (key === 'ArrowUp') this.popup = { ...popup, picked: (Math.max(popup.picked, 0) + n - 1) % n };
    else if (key === 'Escape') this.popup = null;
    else if (key === 'Tab' && !event.shiftKey) this.#accept(Math.max(popup.picked, 0));
    else if (key === 'Enter' && !event.ctrlKey && !event.metaKey && popup.picked >= 0) this.#accept(popup.picked);
    else return false;
    return true;
  }

  #plainKey(event: KeyboardEvent): boolean {
    if (event.code === 'KeyP' && event.altKey) {
      this.#look({ start: this.area.selectionStart, letters: '' });
      return true;
    }
    if (event.key !== 'Tab' || event.ctrlKey || event.altKey || event.metaKey) return false;
    const { value, selectionStart, selectionEnd } = this.area;
    const next = nextPlaceholder(value, selectionStart, selectionEnd, event.shiftKey);
    if (next === null) return false;
    this.area.setSelectionRange(next.start, next.end);
    return true;
  }

  #accept(n: number): void {
    const { popup } = this;
    const phrase = popup?.found[n];
    if (popup === null || phrase === undefined) return;
    this.#put(accepted(this.area.value, this.area.selectionStart, popup.typed, wordsOf(phrase, this.language)), '');
    this.popup = null;
    noteUse(phrase);
  }

  #put({ text, start, end }: { text: string; start: number; end: number }, mark: string): void {
    this.value = text;
    this.area.value = text;
    this.area.setSelectionRange(start, end);
    this.tell('text-change', { value: text, mark });
  }

  readonly #scrolled = (): void => {
    this.#close();
    this.#alignMarks();
  };

  #alignMarks(): void {
    const behind = this.renderRoot.querySelector('.behind');
    if (behind !== null) behind.scrollTop = this.area.scrollTop;
  }

  protected override updated(): void {
    this.#alignMarks();
  }

  readonly #close = (): void => {
    this.popup = null;
  };

  readonly #blur = (): void => {
    this.popup = null;
    this.tell('text-blur');
  };
}
