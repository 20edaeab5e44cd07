import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';

import { longEcgs } from '../../session.ts';
import { AppElement } from '../../ui/element.ts';
import { base } from '../../ui/styles.ts';
import { paintRows, perColumn, rowsAround, tilesOf, timeAt, type Rows } from './disclosure.ts';
import { disclosureStyles } from './long-styles.ts';
import type { LongBeat, LongEcg } from './long-types.ts';
import { TileCache, type Tile } from './tiles.ts';
import { clockOf } from './words.ts';

const ROW_PX = 34;
const LEFT_PX = 62;
const MOST_MARKED = 500;

/** The record in rows below each other. Fires `jump` with the seconds that were clicked. */
@customElement('long-disclosure')
export class LongDisclosure extends AppElement {
  @property({ attribute: false }) ecg!: LongEcg;
  @property() lead = '';
  @property({ type: Number }) rowS = 60;
  @property({ type: Number }) stripS = 0;
  @property({ type: Number }) stripSeconds = 10;
  @state() private fromS = 0;
  @state() private room = { width: 600, height: 200 };
  @state() private beats: readonly LongBeat[] = [];
  @query('canvas') private canvas!: HTMLCanvasElement | null;
  readonly #tiles = new TileCache();
  #asked = '';
  readonly #resizes = new ResizeObserver(() => this.#fit());

  static override styles = [base, disclosureStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** On or back by a screen. */
  turn(by: number): void {
    this.#scroll(this.#rows.fromS + by * Math.max(1, this.#rows.count - 1) * this.rowS);
  }

  #scroll(fromS: number): void {
    const { count } = this.#rows;
    const last = Math.max(0, Math.ceil(this.ecg.seconds / this.rowS) - count) * this.rowS;
    this.fromS = Math.max(0, Math.min(last, Math.round(fromS / this.rowS) * this.rowS));
  }

  get #rows(): Rows {
    const count = Math.max(1, Math.floor(this.room.height / ROW_PX));
    const rowHeight = this.room.height / count;
    return { fromS: this.fromS, rowS: this.rowS, count, width: this.room.width, rowHeight, left: LEFT_PX };
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (width > 50 && height > 20 && (width !== this.room.width || height !== this.room.height)) this.room = { width, height };
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('stripS') || changed.has('rowS') || changed.has('room' as never)) this.#follow();
    void this.#mark();
  }

  /** Keeps the strip's place among the rows. */
  #follow(): void {
    const { count, rowS } = this.#rows;
    const middle = this.stripS + this.stripSeconds / 2;
    const aligned = this.fromS % rowS === 0;
    if (aligned && middle >= this.fromS && middle < this.fromS + count * rowS) return;
    this.fromS = rowsAround(middle, this.#rows, this.ecg.seconds);
  }

  async #mark(): Promise<void> {
    const { fromS, count, rowS } = this.#rows;
    const wanted = `${fromS} ${count} ${rowS}`;
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    const kinds = ['ventricular', 'supraventricular', 'paced', 'unclassifiable'] as const;
    try {
      const page = await longEcgs.beats(this.ecg, kinds, fromS, fromS + count * rowS, -1, MOST_MARKED);
      if (wanted === this.#asked) this.beats = page.items;
    } catch {
      if (wanted === this.#asked) this.beats = [];
    }
  }

  override render(): TemplateResult {
    const dense = globalThis.devicePixelRatio || 1;
    const { width, height } = this.room;
    return html`<canvas
      data-testid="long-disclosure"
      width=${Math.round(width * dense)}
      height=${Math.round(height * dense)}
      @click=${this.#click}
      @wheel=${this.#wheel}
    ></canvas>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const context = this.canvas?.getContext('2d');
    if (!context) return;
    const rows = this.#rows;
    paintRows(
      context,
      rows,
      {
        tiles: this.#shownTiles(rows),
        beats: this.beats,
        clock: clockOf(this.ecg.started_at),
        stripS: this.stripS,
        stripSeconds: this.stripSeconds,
        totalS: this.ecg.seconds,
      },
      globalThis.devicePixelRatio || 1,
    );
  }

  #shownTiles(rows: Rows): Tile[] {
    const per = perColumn(rows, this.ecg.overview.column_s);
    const { ecg, lead } = this;
    return tilesOf(rows, ecg.seconds)
      .map((number) =>
        this.#tiles.get(
          `${ecg.overview.url} ${lead} ${per} ${number}`,
          () => longEcgs.tile(ecg, lead, number, per),
          () => this.requestUpdate(),
        ),
      )
      .filter((tile): tile is Tile => tile !== null);
  }

  readonly #click = (event: MouseEvent): void => {
    this.tell('jump', Math.min(this.ecg.seconds, timeAt(event.offsetX, event.offsetY, this.#rows)));
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.#scroll(this.fromS + Math.sign(event.deltaY) * this.rowS);
  };
}
