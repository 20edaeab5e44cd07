import type { Http, Query } from '../api/http.ts';
import type { Page, Priority } from '../api/types.ts';

const ROOT = '/api/v1/orders';

export interface OrderPatient {
  id: string;
  name: string;
  sex: string;
  birth_date: string;
  id_card_number: string;
  phone: string;
}

export interface Exam {
  code: string;
  modality: string;
  body_part: string;
  zh: string;
  en: string;
}

export interface RepeatReason {
  code: string;
  zh: string;
  en: string;
  free_text: boolean;
}

export interface OrderRules {
  exams: readonly Exam[];
  reasons: readonly RepeatReason[];
  must_choose: boolean;
}

export interface Order {
  id: number;
  version: number;
  accession_number: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  study_instance_uid: string;
  study_arrived: boolean;
  patient: OrderPatient;
  modality: string;
  scheduled_at: string;
  procedure_code: string;
  procedure_description: string;
  body_part: string;
  priority: Priority;
  referring_doctor: string;
  clinical_information: string;
  diagnosis: string;
  green_channel: string;
  state: 'scheduled' | 'started' | 'completed' | 'cancelled' | 'discontinued';
  cancel_reason: string;
}

export interface Earlier {
  study_instance_uid: string;
  institution: string;
  institution_name: string;
  institution_name_en: string;
  is_own: boolean;
  modality: string;
  description: string;
  body_part: string;
  at: string;
  days: number;
  report_id: number | null;
}

export interface Checked {
  duplicates: {
    orders: readonly Order[];
    studies: readonly { study_instance_uid: string; modality: string; description: string; last_received_at: string }[];
  };
  recognisable: readonly Earlier[];
  must_choose: boolean;
  share_reports: boolean;
}

export interface OrderCheck {
  institution: string;
  patient: OrderPatient;
  modality: string;
  body_part: string;
}

export interface OrderWords extends OrderCheck {
  scheduled_at: string;
  procedure_code: string;
  procedure_description: string;
  priority: Priority;
  referring_doctor: string;
  clinical_information: string;
  diagnosis: string;
  green_channel: string;
  repeat?: { code: string; text: string };
}

/** Orders, and what is looked at before one is placed. */
export class OrdersApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  rules(): Promise<OrderRules> {
    return this.#http.get(`${ROOT}/rules`);
  }

  list(query: Query): Promise<Page<Order>> {
    return this.#http.get(ROOT, query);
  }

  order(id: number): Promise<Order> {
    return this.#http.get(`${ROOT}/${id}`);
  }

  patients(q: string, institution: string): Promise<{ items: readonly OrderPatient[] }> {
    return this.#http.post(`${ROOT}/patients`, { q, institution });
  }

  check(body: OrderCheck): Promise<Checked> {
    return this.#http.post(`${ROOT}/checks`, body);
  }

  recognise(body: OrderCheck, study_instance_uid: string): Promise<{ id: number; report: string | null }> {
    return this.#http.post(`${ROOT}/recognitions`, { ...body, study_instance_uid });
  }

  place(body: OrderWords): Promise<Order> {
    return this.#http.post(ROOT, body);
  }

  change(id: number, version: number, body: Partial<OrderWords>): Promise<Order> {
    return this.#http.send('PATCH', `${ROOT}/${id}`, { ...body, version });
  }

  cancel(id: number, reason: string): Promise<Order> {
    return this.#http.post(`${ROOT}/${id}/cancel`, { reason });
  }
}
