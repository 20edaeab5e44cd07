import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import type { Series } from '../api/types.ts';
import { t, type MessageKey } from '../i18n/index.ts';
import { isPlain, isTyping } from '../lib/keys.ts';
import { AppElement } from '../ui/element.ts';
import { icon, type IconName } from '../ui/icons.ts';
import { base, controls } from '../ui/styles.ts';
import { centred, fit, fitWidth, zoomAt, type Placement, type Size } from './pan-zoom.ts';

const ZOOM_STEP = 1.2;
const RETRY_MS = 4000;
type Preset = 'fit' | 'fit_width' | 'actual';

const PRESETS: readonly { preset: Preset; icon: IconName; label: MessageKey; key: string }[] = [
  { preset: 'fit', icon: 'fit', label: 'viewer.fit', key: 'F' },
  { preset: 'fit_width', icon: 'fitWidth', label: 'viewer.fit_width', key: 'W' },
  { preset: 'actual', icon: 'zoom', label: 'viewer.actual', key: '1' },
];

/** The printed form of an ECG, with wheel zoom and drag. */
@customElement('ecg-picture')
export class EcgPicture extends AppElement {
  @property({ attribute: false }) series!: Series;
  @state() private placement: Placement = { x: 0, y: 0, scale: 1 };
  @state() private pending = false;
  @state() private loaded = false;
  @query('.frame') private frame!: HTMLDivElement;
  @query('img') private image!: HTMLImageElement;

  #preset: Preset | null = 'fit';
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #resizes = new ResizeObserver(() => this.#place());

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 0;
      }
      .tools {
        display: flex;
        align-items: center;
        gap: 2px;
        min-height: 42px;
        padding: 3px 8px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      .tools button {
        border-color: transparent;
        background: transparent;
      }
      .tools span {
        margin-left: 8px;
        color: var(--muted);
      }
      .frame {
        position: relative;
        flex: 1;
        min-height: 0;
        overflow: hidden;
        background: #1b2128;
        cursor: grab;
        touch-action: none;
      }
      .frame:active {
        cursor: grabbing;
      }
      img {
        position: absolute;
        left: 0;
        top: 0;
        max-width: none;
        background: #fff;
        transform-origin: 0 0;
        user-select: none;
      }
      .pending {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 8px;
        color: #c9d3dc;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', this.#keydown);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('keydown', this.#keydown);
    clearTimeout(this.#retry);
    this.#resizes.disconnect();
  }

  protected override firstUpdated(): void {
    this.#resizes.observe(this.frame);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('series')) return;
    this.loaded = false;
    this.pending = this.series.preview === null;
    this.#preset = 'fit';
  }

  override render(): TemplateResult {
    const { x, y, scale } = this.placement;
    const retried = this.#attempt === 0 ? '' : `#${this.#attempt}`;
    return html`
      <div class="tools" role="toolbar" aria-label=${t('viewer.toolbar')}>
        ${PRESETS.map(
          ({ preset, icon: sign, label, key }) =>
            html`<button
              class="icon"
              title="${t(label)} · ${key}"
              aria-label=${t(label)}
              data-testid="ecg-${preset}"
              @click=${() => this.#choose(preset)}
            >
              ${preset === 'actual' ? html`<b>1:1</b>` : icon(sign)}
            </button>`,
        )}
        <span class="num">${t('viewer.zoom', { percent: Math.round(scale * 100) })}</span>
      </div>
      <div
        class="frame"
        data-testid="ecg-picture"
        data-loaded=${this.loaded}
        @wheel=${this.#wheel}
        @pointerdown=${this.#drag}
        @dblclick=${() => this.#choose('fit')}
      >
        ${this.pending
          ? html`<div class="pending" role="status">${icon('ecg', 28)}${t('viewer.ecg.pending')}</div>`
          : html`<img
              src="${this.series.preview}${retried}"
              alt=${t('viewer.ecg')}
              draggable="false"
              style="transform: translate(${x}px, ${y}px) scale(${scale})"
              ?hidden=${!this.loaded}
              @load=${this.#arrived}
              @error=${this.#missing}
            />`}
      </div>
    `;
  }

  #arrived(): void {
    this.loaded = true;
    this.#place();
  }

  /** The preview is drawn in the background and may come a little later than the study. */
  #missing(): void {
    this.pending = true;
    this.#retry = setTimeout(() => {
      this.#attempt += 1;
      this.pending = false;
    }, RETRY_MS);
  }

  #choose(preset: Preset): void {
    this.#preset = preset;
    this.#place();
  }

  #place(): void {
    if (!this.loaded || this.#preset === null) return;
    const picture: Size = { width: this.image.naturalWidth, height: this.image.naturalHeight };
    const frame: Size = { width: this.frame.clientWidth, height: this.frame.clientHeight };
    if (this.#preset === 'fit') this.placement = fit(picture, frame);
    if (this.#preset === 'fit_width') this.placement = fitWidth(picture, frame);
    if (this.#preset === 'actual') this.placement = centred(picture, frame, 1);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    this.#preset = null;
    const box = this.frame.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.placement = zoomAt(this.placement, event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, at);
  }

  #drag(event: PointerEvent): void {
    if (!this.loaded) return;
    event.preventDefault();
    this.#preset = null;
    const [fromX, fromY, start] = [event.clientX, event.clientY, this.placement];
    this.frame.setPointerCapture(event.pointerId);
    this.frame.onpointermove = (move) => {
      this.placement = { ...start, x: start.x + move.clientX - fromX, y: start.y + move.clientY - fromY };
    };
    this.frame.onpointerup = () => {
      this.frame.onpointermove = null;
    };
  }

  readonly #keydown = (event: KeyboardEvent): void => {
    if (isTyping(event) || !isPlain(event)) return;
    const chosen = PRESETS.find(({ key }) => key === event.key.toUpperCase());
    if (chosen !== undefined) this.#choose(chosen.preset);
  };
}
