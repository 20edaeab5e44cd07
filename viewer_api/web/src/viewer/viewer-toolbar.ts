import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';

import { t } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import type { ViewCommand } from './image-viewport.ts';
import type { EntryName } from './idle-entries.ts';
import { CT_PRESETS, type WindowPreset } from './presets.ts';
import type { ToolName } from './stack-view.ts';
import type { LayoutName } from './stage/layouts.ts';
import { ACTIONS, COMMANDS, CROSSHAIR, TOOLS, type Entry, type StageAction } from './viewer-keys.ts';
import './measuring/measure-menu.ts';
import './stage/layout-menu.ts';

/** What needs protocols and earlier studies, which others are not shown. */
const READERS_ONLY: ReadonlySet<StageAction> = new Set(['prior', 'screen']);

/** What few images have, and is listed with those alone. */
const SELDOM: ReadonlySet<StageAction> = new Set(['overlays', 'shutter']);

/** Fires `pick-tool`, `pick-layout`, `view-command`, `stage-action` and `pick-preset`. */
@customElement('viewer-toolbar')
export class ViewerToolbar extends AppElement {
  @property() tool: ToolName = 'window';
  @property() layout: LayoutName = '1x1';
  /** Of the stage's habits those that are on; others are not listed. */
  @property({ attribute: false }) habits: Readonly<Partial<Record<StageAction, boolean>>> = {};
  /** What does nothing now. */
  @property({ attribute: false }) idle: ReadonlySet<EntryName> = new Set();
  @property({ type: Boolean }) workstation = false;
  @property({ type: Boolean }) presets = false;
  @property({ type: Boolean }) cine = false;
  @property({ type: Boolean }) playing = false;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 4px;
        flex-wrap: wrap;
        min-height: 38px;
        padding: 2px 6px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      .group {
        display: flex;
        gap: 1px;
      }
      .group + .group {
        padding-left: 4px;
        border-left: 1px solid var(--line);
      }
      button {
        border-color: transparent;
        background: transparent;
        color: var(--muted);
      }
      button:hover:not(:disabled) {
        color: var(--text);
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }
      button.icon {
        width: 26px;
        padding: 0;
      }
      .preset {
        min-height: 30px;
        padding: 0 3px;
        gap: 4px;
        font-size: 13px;
        align-self: center;
      }
      .spacer {
        flex: 1;
      }
    `,
  ];

  override render(): TemplateResult {
    return html`
      <div class="group" role="toolbar" aria-label=${t('viewer.toolbar')}>
        ${(this.tool === 'crosshair' ? [CROSSHAIR, ...TOOLS] : TOOLS).map((entry) => this.#tool(entry))}
        <measure-menu .tool=${this.tool} .idle=${this.idle}></measure-menu>
      </div>
      <div class="group">${COMMANDS.map((entry) => this.#command(entry))} ${this.cine ? this.#cineButton() : nothing}</div>
      <div class="group"><layout-menu .layout=${this.layout}></layout-menu>${ACTIONS.filter(({ value }) => this.#isListed(value)).map((entry) => this.#action(entry))}</div>
      ${this.presets
        ? html`<div class="group" role="group" aria-label=${t('viewer.presets')}>
            ${CT_PRESETS.map((preset) => this.#preset(preset))}
          </div>`
        : nothing}
      <span class="spacer"></span>
      <slot></slot>
    `;
  }

  #isListed(action: StageAction): boolean {
    return (this.workstation || !READERS_ONLY.has(action)) && !(SELDOM.has(action) && this.idle.has(action));
  }

  #tool({ value, icon: sign, label, key }: Entry<ToolName>): TemplateResult {
    return html`<button
      class="icon"
      title="${t(label)} · ${key}"
      aria-label=${t(label)}
      aria-keyshortcuts=${key}
      aria-pressed=${this.tool === value}
      ?disabled=${this.idle.has(value)}
      data-testid="tool-${value}"
      @click=${() => this.tell('pick-tool', value)}
    >
      ${icon(sign)}
    </button>`;
  }

  #command({ value, icon: sign, label, key }: Entry<ViewCommand>): TemplateResult {
    return html`<button
      class="icon"
      title="${t(label)} · ${key}"
      aria-label=${t(label)}
      aria-keyshortcuts=${key}
      ?disabled=${this.idle.has(value)}
      data-testid="view-${value}"
      @click=${() => this.tell('view-command', value)}
    >
      ${icon(sign)}
    </button>`;
  }

  #action({ value, icon: sign, label, key }: Entry<StageAction>): TemplateResult {
    return html`<button
      class="icon"
      title="${t(label)} · ${key}"
      aria-label=${t(label)}
      aria-keyshortcuts=${key}
      aria-pressed=${ifDefined(this.habits[value])}
      ?disabled=${this.idle.has(value)}
      data-testid="stage-${value}"
      @click=${() => this.tell('stage-action', value)}
    >
      ${icon(sign)}
    </button>`;
  }

  #cineButton(): TemplateResult {
    return html`<button
      class="icon"
      title="${t('viewer.cine')} · Space"
      aria-label=${t('viewer.cine')}
      aria-keyshortcuts="Space"
      aria-pressed=${this.playing}
      data-testid="view-cine"
      @click=${() => this.tell('view-command', 'cine')}
    >
      ${icon(this.playing ? 'pause' : 'play')}
    </button>`;
  }

  #preset(preset: WindowPreset): TemplateResult {
    const words = t('viewer.wl', { width: preset.width, center: preset.center });
    return html`<button
      class="preset"
      title="${t(preset.name)} · ${words} · ${preset.key}"
      aria-keyshortcuts=${preset.key}
      data-testid="preset-${preset.key}"
      @click=${() => this.tell('pick-preset', preset)}
    >
      ${t(preset.name)}<kbd>${preset.key}</kbd>
    </button>`;
  }
}
