import type { Http } from '../api/http.ts';
import type { Chapter, ChapterLine, Content, Edition, NewEdition, RulesPreview } from '../api/rules-types.ts';
import type { Listed } from '../api/types.ts';

const ROOT = '/api/v1';

/** The county's rules and their editions. */
export class RulesApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  rules(): Promise<Listed<ChapterLine>> {
    return this.#http.get(`${ROOT}/rules`);
  }

  chapter(kind: string): Promise<Chapter> {
    return this.#http.get(`${ROOT}/rules/${kind}`) as Promise<Chapter>;
  }

  previewRules(kind: string, content: Content): Promise<RulesPreview> {
    return this.#http.post(`${ROOT}/rules/${kind}/preview`, { content });
  }

  publishRules(kind: string, edition: NewEdition): Promise<Edition> {
    return this.#http.post(`${ROOT}/rules/${kind}`, edition) as Promise<Edition>;
  }
}
