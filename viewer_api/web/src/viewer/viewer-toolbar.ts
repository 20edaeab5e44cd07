import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t, type MessageKey } from '../i18n/index.ts';
import { AppElement } from '../ui/element.ts';
import { icon, type IconName } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import type { ViewCommand } from './image-viewport.ts';
import { CT_PRESETS, type WindowPreset } from './presets.ts';
import type { ToolName } from './stack-view.ts';

interface Entry<T> {
  value: T;
  icon: IconName;
  label: MessageKey;
  key: string;
}

export const TOOLS: readonly Entry<ToolName>[] = [
  { value: 'window', icon: 'window', label: 'viewer.tool.window', key: 'W' },
  { value: 'pan', icon: 'pan', label: 'viewer.tool.pan', key: 'P' },
  { value: 'zoom', icon: 'zoom', label: 'viewer.tool.zoom', key: 'Z' },
  { value: 'scroll', icon: 'scroll', label: 'viewer.tool.scroll', key: 'S' },
  { value: 'length', icon: 'length', label: 'viewer.tool.length', key: 'L' },
  { value: 'angle', icon: 'angle', label: 'viewer.tool.angle', key: 'A' },
  { value: 'ellipse', icon: 'ellipse', label: 'viewer.tool.ellipse', key: 'E' },
];

export const COMMANDS: readonly Entry<ViewCommand>[] = [
  { value: 'clear', icon: 'eraser', label: 'viewer.tool.clear', key: 'Delete' },
  { value: 'invert', icon: 'invert', label: 'viewer.invert', key: 'I' },
  { value: 'rotate', icon: 'rotate', label: 'viewer.rotate', key: 'R' },
  { value: 'flip', icon: 'flip', label: 'viewer.flip', key: 'H' },
  { value: 'fit', icon: 'fit', label: 'viewer.fit', key: 'F' },
  { value: 'reset', icon: 'reset', label: 'viewer.reset', key: '0' },
];

/** Fires `pick-tool`, `view-command` and `pick-preset`. */
@customElement('viewer-toolbar')
export class ViewerToolbar extends AppElement {
  @property() tool: ToolName = 'window';
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
        gap: 6px;
        min-height: 42px;
        padding: 3px 6px;
        overflow-x: auto;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
        scrollbar-width: none;
      }
      .group {
        display: flex;
        gap: 2px;
      }
      .group + .group {
        padding-left: 6px;
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
        width: 30px;
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
        ${TOOLS.map((entry) => this.#tool(entry))}
      </div>
      <div class="group">${COMMANDS.map((entry) => this.#command(entry))} ${this.cine ? this.#cineButton() : nothing}</div>
      ${this.presets
        ? html`<div class="group" role="group" aria-label=${t('viewer.presets')}>
            ${CT_PRESETS.map((preset) => this.#preset(preset))}
          </div>`
        : nothing}
      <span class="spacer"></span>
      <slot></slot>
    `;
  }

  #tool({ value, icon: sign, label, key }: Entry<ToolName>): TemplateResult {
    return html`<button
      class="icon"
      title="${t(label)} · ${key}"
      aria-label=${t(label)}
      aria-keyshortcuts=${key}
      aria-pressed=${this.tool === value}
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
      data-testid="view-${value}"
      @click=${() => this.tell('view-command', value)}
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
