import type { Http } from '../../api/http.ts';
import type { Voi } from '../stack-view.ts';
import type { LayoutName } from '../stage/layouts.ts';
import type { Plane } from '../stage/stage.ts';

/** What goes into a cell; see `reading_queue/hanging/chapter.py`. */
export interface HangingCell {
  source: 'current' | 'prior';
  series: number | null;
  view: string;
  laterality: string;
  words: readonly string[];
  plane: Plane | null;
  window: Voi | null;
}

export interface HangingStep {
  layout: LayoutName;
  cells: readonly HangingCell[];
}

export interface Condition {
  modalities: readonly string[];
  words: readonly string[];
  views: readonly string[];
  laterality: string;
  least: number;
  most: number | null;
  prior: boolean | null;
}

export interface Protocol {
  key: string;
  zh: string;
  en: string;
  when: Condition;
  steps: readonly HangingStep[];
}

export interface OwnHanging {
  id: number;
  modality: string;
  body_part: string;
  step: HangingStep;
}

export interface Hanging {
  version: number;
  protocols: readonly Protocol[];
  own: readonly OwnHanging[];
}

const ROOT = '/api/v1/hanging';

/** Hanging protocols over HTTP. */
export class HangingApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  show(): Promise<Hanging> {
    return this.#http.get(ROOT);
  }

  save(modality: string, bodyPart: string, step: HangingStep): Promise<Hanging> {
    return this.#http.put(`${ROOT}/own`, { modality, body_part: bodyPart, step });
  }

  remove(id: number): Promise<Hanging> {
    return this.#http.send('DELETE', `${ROOT}/own/${id}`);
  }
}
