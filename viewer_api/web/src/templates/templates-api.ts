import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type {
  FittingTemplate,
  Phrase,
  PhraseWords,
  PlaceOrder,
  Template,
  TemplateContent,
} from '../api/templates-types.ts';
import type { Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** Templates and phrases, and what fits an exam. */
export class TemplatesApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** What may be used for the exam of a task, what fits best first. */
  templatesFor(task: number): Promise<Page<FittingTemplate>> {
    return this.#http.get(`${ROOT}/templates`, { for_task: task }) as Promise<Page<FittingTemplate>>;
  }

  templates(): Promise<Page<FittingTemplate>> {
    return this.#http.get(`${ROOT}/templates`) as Promise<Page<FittingTemplate>>;
  }

  createTemplate(order: PlaceOrder & { key?: string; content: TemplateContent }): Promise<Template> {
    return this.#http.post(`${ROOT}/templates`, order) as Promise<Template>;
  }

  changeTemplate(id: string, content: TemplateContent, version: number): Promise<Template> {
    return this.#http.put(`${ROOT}/templates/${id}`, { content, version }) as Promise<Template>;
  }

  copyTemplate(id: string, place: PlaceOrder): Promise<Template> {
    return this.#http.post(`${ROOT}/templates/${id}/copy`, place) as Promise<Template>;
  }

  withdrawTemplate(id: string): Promise<void> {
    return this.#http.delete(`${ROOT}/templates/${id}`);
  }

  phrases(query: QueryOf<'GET', '/api/v1/phrases'>): Promise<Page<Phrase>> {
    return this.#http.get(`${ROOT}/phrases`, query);
  }

  createPhrase(order: PlaceOrder & PhraseWords): Promise<Phrase> {
    return this.#http.post(`${ROOT}/phrases`, order);
  }

  changePhrase(id: string, words: PhraseWords): Promise<Phrase> {
    return this.#http.put(`${ROOT}/phrases/${id}`, words);
  }

  deletePhrase(id: string): Promise<void> {
    return this.#http.delete(`${ROOT}/phrases/${id}`);
  }

  phraseUsed(id: string): Promise<void> {
    return this.#http.post(`${ROOT}/phrases/${id}/used`);
  }
}
