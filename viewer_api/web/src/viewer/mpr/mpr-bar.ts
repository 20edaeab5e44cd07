import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

import { t } from '../../i18n/index.ts';
import { AppElement } from '../../ui/element.ts';
import { base, controls } from '../../ui/styles.ts';
import type { FrameStack } from '../frames.ts';
import { reconstructionOf } from './crosshair.ts';
import type { Slab, SlabMode } from './reslice.ts';

const MODES: readonly SlabMode[] = ['mean', 'mip', 'minip'];
const THICK_MM = [0, 2, 5, 10, 20, 40];

/** How thick the planes of a reconstruction are, and what they take of the values that lie behind each other. */
@customElement('mpr-bar')
export class MprBar extends AppElement {
  @property({ attribute: false }) stack: FrameStack | null = null;
  #stop = (): void => undefined;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-flex;
        gap: 4px;
      }
      select {
        max-width: 108px;
        min-height: 28px;
        font-size: 13px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('stack')) return;
    this.#stop();
    if (this.stack !== null) this.#stop = reconstructionOf(this.stack).crosshair.subscribe(() => this.requestUpdate());
  }

  override render(): TemplateResult | typeof nothing {
    if (this.stack === null) return nothing;
    const { slab } = reconstructionOf(this.stack).crosshair.value;
    return html`<select data-testid="slab-mm" aria-label=${t('mpr.slab')} @change=${(event: Event) => this.#set({ mm: Number(valueOf(event)) })}>
        ${THICK_MM.map(
          (mm) => html`<option value=${mm} ?selected=${mm === slab.mm}>${mm === 0 ? t('mpr.slab.thin') : `${mm} mm`}</option>`,
        )}
      </select>
      <select
        data-testid="slab-mode"
        aria-label=${t('mpr.slab.mode')}
        ?disabled=${slab.mm === 0}
        @change=${(event: Event) => this.#set({ mode: valueOf(event) as SlabMode })}
      >
        ${MODES.map((mode) => html`<option value=${mode} ?selected=${mode === slab.mode}>${t(`mpr.slab.${mode}`)}</option>`)}
      </select>`;
  }

  #set(change: Partial<Slab>): void {
    if (this.stack === null) return;
    const { crosshair } = reconstructionOf(this.stack);
    crosshair.set({ ...crosshair.value, slab: { ...crosshair.value.slab, ...change } });
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
