import { css } from 'lit';
import { state } from 'lit/decorators.js';

import { AppElement } from '../ui/element.ts';

/** A button of the toolbar with choices below it, closed by Escape, by looking elsewhere, and by the key of a choice. */
export abstract class DropMenu extends AppElement {
  @state() protected open = false;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pointerdown', this.#elsewhere);
    addEventListener('keydown', this.#keydown, { capture: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.#elsewhere);
    removeEventListener('keydown', this.#keydown, { capture: true });
  }

  /** Whether the key is for the menu itself; every other one closes it. */
  protected isOwnKey({ key }: KeyboardEvent): boolean {
    return ['Tab', 'Enter', ' ', 'Shift'].includes(key);
  }

  /** Escape closes before the page takes it for leaving. */
  readonly #keydown = (event: KeyboardEvent): void => {
    if (!this.open || this.isOwnKey(event)) return;
    this.open = false;
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.renderRoot.querySelector('button')?.focus();
  };

  readonly #elsewhere = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };
}

export const dropMenuStyles = css`
  :host {
    position: relative;
    display: inline-flex;
  }
  button {
    border-color: transparent;
    background: transparent;
    color: var(--muted);
  }
  button.face {
    gap: 0;
    width: 40px;
    padding: 0 2px;
  }
  button[aria-pressed='true'],
  button[aria-checked='true'] {
    background: var(--accent-soft);
    color: var(--accent-strong);
  }
  .choices {
    position: absolute;
    z-index: 20;
    top: 100%;
    left: 0;
    display: grid;
    padding: 4px;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--raised);
    box-shadow: var(--shadow);
  }
  .choices button {
    justify-content: flex-start;
    gap: 10px;
  }
  .choices button[aria-checked='false'] {
    color: var(--text);
  }
  .choices span {
    flex: 1;
    text-align: left;
  }
`;
