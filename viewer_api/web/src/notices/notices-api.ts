import type { Http } from '../api/http.ts';
import type { QueryOf } from '../api/routes.ts';
import type { Contact, Count, DeadLetter, Delivery, NoticePage, NewWebhook, SpokenLine, Webhook, Wishes, WishesKept } from '../api/notices-types.ts';
import type { Listed, Page } from '../api/types.ts';

const ROOT = '/api/v1';

/** Notices, what carries them, notes on studies, and what the workers could not do. */
export class NoticesApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  notices(query: QueryOf<'GET', '/api/v1/notices'>): Promise<NoticePage> {
    return this.#http.get(`${ROOT}/notices`, query);
  }

  /** Null for all that are not urgent. */
  noticesSeen(ids: readonly number[] | null): Promise<unknown> {
    return this.#http.post(`${ROOT}/notices/seen`, { ids });
  }

  wishes(): Promise<WishesKept> {
    return this.#http.get(`${ROOT}/notices/preferences`);
  }

  keepWishes(wishes: Wishes): Promise<WishesKept> {
    return this.#http.put(`${ROOT}/notices/preferences`, wishes);
  }

  contacts(): Promise<Page<Contact>> {
    return this.#http.get(`${ROOT}/admin/contacts`);
  }

  changeContact(username: string, email: string, mobile: string): Promise<Contact> {
    return this.#http.patch(`${ROOT}/admin/contacts/${encodeURIComponent(username)}`, { email, mobile });
  }

  deliveries(query: QueryOf<'GET', '/api/v1/deliveries'>): Promise<Page<Delivery>> {
    return this.#http.get(`${ROOT}/deliveries`, query);
  }

  /** Null for all that were given up. */
  redrive(ids: readonly number[] | null): Promise<Count> {
    return this.#http.post(`${ROOT}/deliveries/redrive`, { ids });
  }

  webhooks(): Promise<Page<Webhook>> {
    return this.#http.get(`${ROOT}/webhooks`);
  }

  registerWebhook(name: string, url: string, kinds: readonly string[] | null): Promise<NewWebhook> {
    return this.#http.post(`${ROOT}/webhooks`, { name, url, kinds });
  }

  switchWebhook(id: number, active: boolean): Promise<Webhook> {
    return this.#http.patch(`${ROOT}/webhooks/${id}`, { active });
  }

  replay(id: number, after: number): Promise<Count> {
    return this.#http.post(`${ROOT}/webhooks/${id}/replay`, { after });
  }

  deadLetters(): Promise<Page<DeadLetter>> {
    return this.#http.get(`${ROOT}/dead-letters`);
  }

  decideLetter(id: number, how: 'redrive' | 'dismiss'): Promise<DeadLetter> {
    return this.#http.post(`${ROOT}/dead-letters/${id}/${how}`);
  }

  conversation(uid: string): Promise<Listed<SpokenLine>> {
    return this.#http.get(`${ROOT}/studies/${uid}/notes`);
  }

  writeNote(uid: string, text: string): Promise<Listed<SpokenLine>> {
    return this.#http.post(`${ROOT}/studies/${uid}/notes`, { text });
  }

  notesSeen(uid: string, up_to: number): Promise<void> {
    return this.#http.post(`${ROOT}/studies/${uid}/notes/seen`, { up_to });
  }
}
