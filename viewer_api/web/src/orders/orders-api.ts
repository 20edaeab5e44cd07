import type { Http } from '../api/http.ts';
import type { QueryOf, Schemas } from '../api/routes.ts';
import type { Listed, Page } from '../api/types.ts';

const ROOT = '/api/v1/orders';

export type OrderPatient = Schemas['KnownPatient'];
export type Exam = Schemas['ExamOut'];
export type RepeatReason = Schemas['OrdersReasonOut'];
export type OrderRules = Schemas['OrderRulesOut'];
export type Order = Schemas['OrderOut'];
export type GreenChannel = Order['green_channel'];
export type Earlier = Schemas['EarlierOut'];
export type Checked = Schemas['OrdersCheckOut'];
export type OrderCheck = Schemas['OrdersCheckIn'];
export type OrderWords = Schemas['OrderIn'];
export type OrderChange = Omit<Schemas['OrderChange'], 'version'>;

/** Orders, and what is looked at before one is placed. */
export class OrdersApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  rules(): Promise<OrderRules> {
    return this.#http.get(`${ROOT}/rules`);
  }

  list(query: QueryOf<'GET', '/api/v1/orders'>): Promise<Page<Order>> {
    return this.#http.get(ROOT, query);
  }

  order(id: number): Promise<Order> {
    return this.#http.get(`${ROOT}/${id}`);
  }

  patients(q: string, institution: string): Promise<Listed<OrderPatient>> {
    return this.#http.post(`${ROOT}/patients`, { q, institution });
  }

  check(body: OrderCheck): Promise<Checked> {
    return this.#http.post(`${ROOT}/checks`, body);
  }

  recognise(body: OrderCheck, study_instance_uid: string): Promise<Schemas['OrdersChoiceOut']> {
    return this.#http.post(`${ROOT}/recognitions`, { ...body, study_instance_uid });
  }

  place(body: OrderWords): Promise<Order> {
    return this.#http.post(ROOT, body);
  }

  change(id: number, version: number, body: OrderChange): Promise<Order> {
    return this.#http.patch(`${ROOT}/${id}`, { ...body, version });
  }

  cancel(id: number, reason: string): Promise<Order> {
    return this.#http.post(`${ROOT}/${id}/cancel`, { reason });
  }
}
