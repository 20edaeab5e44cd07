import { LitElement } from 'lit';

import { language } from '../i18n/index.ts';

/** A cell or a preference: it tells when its value changes. */
interface Watched {
  subscribe(listener: () => void): () => void;
}

/** Base of all elements: renders again when the language changes, and when a watched cell does. */
export abstract class AppElement extends LitElement {
  readonly #watched: Watched[] = [];
  readonly #repeated: { run: () => void; everyMs: number }[] = [];
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.watch(language);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = this.#watched.map((cell) => cell.subscribe(() => this.requestUpdate()));
    for (const { run, everyMs } of this.#repeated) {
      run();
      const timer = setInterval(run, everyMs);
      this.#stops.push(() => clearInterval(timer));
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
  }

  /** To be called from the constructor. */
  protected watch(cell: Watched): void {
    this.#watched.push(cell);
  }

  /** Does it now and again and again, as long as the element is on the page. To be called from the constructor. */
  protected repeat(run: () => void, everyMs: number): void {
    this.#repeated.push({ run, everyMs });
  }

  protected tell<T>(type: string, detail?: T): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}
