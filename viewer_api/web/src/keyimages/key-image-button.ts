import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

import { inWords } from '../i18n/errors.ts';
import { t } from '../i18n/index.ts';
import { route } from '../router.ts';
import { resultsApi } from '../session.ts';
import type { KeyMark } from '../results/results-api.ts';
import { ask } from '../ui/dialog.ts';
import { AppElement } from '../ui/element.ts';
import { notify } from '../ui/notify.ts';
import { base, controls } from '../ui/styles.ts';
import { Tag, textOf } from '../viewer/dicom-json.ts';
import type { Frame } from '../viewer/frames.ts';

/** Marks the frame on screen as telling: it goes with the report to the clinic, with a note if there is one. */
@customElement('key-image-button')
export class KeyImageButton extends AppElement {
  @property({ attribute: false }) frame: Frame | null = null;
  @state() private marks: readonly KeyMark[] = [];
  #loaded = 0;

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: inline-flex;
        gap: 4px;
        align-items: center;
      }
      button {
        padding: 0 6px;
        font-size: 16px;
      }
      button[aria-pressed='true'] {
        color: var(--soon);
      }
    `,
  ];

  constructor() {
    super();
    this.watch(route);
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const task = taskOf();
    if (task === this.#loaded) return;
    this.#loaded = task;
    this.marks = [];
    if (task !== 0) void this.#take(() => resultsApi.marks(task));
  }

  override render(): TemplateResult | typeof nothing {
    const place = placeOf(this.frame);
    if (taskOf() === 0) return nothing;
    const mark = this.#markOf(place);
    const label = t(mark === undefined ? 'key.mark' : 'key.unmark');
    return html`<button
      class="small quiet"
      data-testid="key-image"
      title=${this.marks.length === 0 ? label : `${label} (${t('key.count', { n: this.marks.length })})`}
      aria-label=${label}
      aria-pressed=${mark !== undefined}
      ?disabled=${place === null}
      @click=${() => void this.#toggle()}
    >
      ${mark === undefined ? '☆' : '★'}${this.marks.length === 0 ? nothing : html`<span class="num">${this.marks.length}</span>`}
    </button>`;
  }

  #markOf(place: Place | null): KeyMark | undefined {
    return this.marks.find((one) => one.sop_instance_uid === place?.sop && one.frame === place.frame);
  }

  async #toggle(): Promise<void> {
    const place = placeOf(this.frame);
    const task = taskOf();
    if (place === null || task === 0) return;
    const mark = this.#markOf(place);
    if (mark !== undefined) {
      await this.#take(() => resultsApi.unmark(task, mark.id));
      return;
    }
    const answers = await ask({
      title: t('key.mark'),
      fields: [{ name: 'note', label: t('key.note.ask'), kind: 'text' }],
    });
    if (answers === null) return;
    await this.#take(() => resultsApi.mark(task, place.sop, place.frame, (answers['note'] ?? '').slice(0, 200)));
  }

  async #take(call: () => Promise<{ items: readonly KeyMark[] }>): Promise<void> {
    try {
      this.marks = (await call()).items;
    } catch (error) {
      notify(inWords(error), 'danger');
    }
  }
}

interface Place {
  sop: string;
  frame: number;
}

/** Frames are numbered from 1 in the address of WADO-RS Retrieve Frames (PS3.18 10.4.1.1.6). */
function placeOf(frame: Frame | null): Place | null {
  if (frame === null) return null;
  const number = /\/frames\/(\d+)/.exec(frame.imageId)?.[1];
  return { sop: textOf(frame.instance, Tag.SOPInstanceUID), frame: Number(number ?? 1) };
}

function taskOf(): number {
  return route.value.page === 'read' ? route.value.task : 0;
}
