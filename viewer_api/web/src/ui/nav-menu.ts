import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { t } from '../i18n/index.ts';
import { route } from '../router.ts';
import { AppElement } from './element.ts';
import { icon } from './icons.ts';
import { groupLabel, type MenuGroup } from './menu.ts';
import { base, controls } from './styles.ts';

/** A button that discloses links: one group's, or on a phone those of all. Escape, leaving and choosing close it. */
@customElement('nav-menu')
export class NavMenu extends AppElement {
  @property() label = '';
  @property({ attribute: false }) groups: readonly MenuGroup[] = [];
  @state() private open = false;
  @query('button') private button!: HTMLButtonElement;

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
        display: flex;
        align-self: stretch;
      }
      button {
        min-height: 0;
        border: 0;
        border-block: 2px solid transparent;
        border-radius: 0;
        padding: 0 10px 0 12px;
        background: transparent;
        color: var(--bar-muted);
      }
      button:hover:not(:disabled),
      button[aria-expanded='true'] {
        border-color: transparent;
        background: rgb(255 255 255 / 9%);
        color: var(--bar-text);
      }
      button.current {
        border-bottom-color: #7fc4f0;
        color: var(--bar-text);
      }
      .panel {
        position: absolute;
        top: 100%;
        left: 0;
        z-index: 40;
        min-width: 168px;
        max-height: calc(100dvh - var(--bar-height) - 12px);
        overflow: auto;
        padding: 6px;
        border: 1px solid var(--line);
        border-radius: 0 0 var(--radius) var(--radius);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }
      .panel p {
        padding: 8px 10px 2px;
        color: var(--faint);
        font-size: 12px;
      }
      .panel a {
        display: block;
        padding: 8px 10px;
        border-radius: var(--radius);
        color: var(--text);
        white-space: nowrap;
      }
      .panel a:hover,
      .panel a:focus-visible {
        background: var(--hover);
        text-decoration: none;
      }
      .panel a[aria-current] {
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.watch(route);
    this.addEventListener('keydown', this.#onKey);
    this.addEventListener('focusout', (event) => {
      if (!this.contains(event.relatedTarget as Node | null) && !this.shadowRoot?.activeElement) this.open = false;
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('pointerdown', this.#onPointer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerdown', this.#onPointer);
  }

  override render(): TemplateResult {
    const current = this.groups.some((group) => group.links.some((link) => link.page === route.value.page));
    return html`<button
        class=${current ? 'current' : ''}
        aria-expanded=${this.open}
        aria-controls="panel"
        @click=${() => (this.open = !this.open)}
      >
        ${this.label}${icon('down', 13)}
      </button>
      <div id="panel" class="panel" ?hidden=${!this.open}>${this.groups.map((group) => this.#group(group))}</div>`;
  }

  #group(group: MenuGroup): TemplateResult {
    const heading = this.groups.length > 1 ? html`<p aria-hidden="true">${t(group.name)}</p>` : nothing;
    return html`${heading}
      <ul aria-label=${groupLabel(group)}>
        ${group.links.map(
          (link) =>
            html`<li>
              <a
                href="#/${link.page}"
                aria-current=${link.page === route.value.page ? 'page' : nothing}
                @click=${() => (this.open = false)}
                >${t(link.name)}</a
              >
            </li>`,
        )}
      </ul>`;
  }

  #onPointer = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };

  #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.open) {
      this.open = false;
      this.button.focus();
      event.stopPropagation();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      event.stopPropagation();
      void this.#step(event.key === 'ArrowDown' ? 1 : -1);
    }
  };

  /** Moves among the links, from the button into them, and round at both ends. */
  async #step(by: 1 | -1): Promise<void> {
    this.open = true;
    await this.updateComplete;
    const stops = [...(this.shadowRoot?.querySelectorAll<HTMLElement>('.panel a') ?? [])];
    const here = stops.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const next = here === -1 ? (by === 1 ? 0 : stops.length - 1) : (here + by + stops.length) % stops.length;
    stops[next]?.focus();
  }
}
