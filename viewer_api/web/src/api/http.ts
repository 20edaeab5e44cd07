import { idleSeconds } from '../lib/idle.ts';
import { learnServerTime } from '../lib/server-time.ts';
import { ApiError, problemOf } from './problem.ts';
import type { Answer, Body, Known, QueryOf } from './routes.ts';

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export interface HttpOptions {
  fetch?: typeof fetch;
  token: () => string | null;
  /** Called with the token that the server does not know any more. */
  onUnauthenticated?: (token: string) => void;
  /** Told with every answer that there is a line, and with every failure to get one that there is none. */
  onReachable?: (reachable: boolean) => void;
  timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
/** What a proxy says of a server that it does not reach. */
const NO_WAY_THROUGH: ReadonlySet<number> = new Set([502, 504]);

/** JSON over HTTP with the bearer token, its types those that the server declares; every failure is an {@link ApiError}. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  get<const P extends string>(
    path: P & Known<'GET', P>,
    query?: QueryOf<'GET', P>,
    signal?: AbortSignal,
  ): Promise<Answer<'GET', P>> {
    return this.getFrom(path, query, signal);
  }

  post<const P extends string>(path: P & Known<'POST', P>, ...[body]: Body<'POST', P>): Promise<Answer<'POST', P>> {
    return this.#send('POST', path, body ?? {});
  }

  put<const P extends string>(path: P & Known<'PUT', P>, ...[body]: Body<'PUT', P>): Promise<Answer<'PUT', P>> {
    return this.#send('PUT', path, body ?? {});
  }

  patch<const P extends string>(path: P & Known<'PATCH', P>, ...[body]: Body<'PATCH', P>): Promise<Answer<'PATCH', P>> {
    return this.#send('PATCH', path, body ?? {});
  }

  delete<const P extends string>(path: P & Known<'DELETE', P>, query?: QueryOf<'DELETE', P>): Promise<Answer<'DELETE', P>> {
    return this.#send('DELETE', path + queryString(query ?? {}));
  }

  /** JSON from an address that the server gave, or whose answer has a type by another standard. */
  getFrom<T>(url: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.#send('GET', url + queryString(query), undefined, signal);
  }

  /** `undefined` stands for an answer without content. */
  async #send<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
    const token = this.#options.token();
    const response = await this.#fetch(method, path, token, body, signal);
    learnServerTime(response.headers.get('Date'));
    if (!response.ok) throw await this.#refusal(response, token);
    if (response.status === 204 || response.status === 205) return undefined as T;
    return (await response.json()) as T;
  }

  /** The answer as bytes. */
  async getBytes(path: string, query: Query = {}, signal?: AbortSignal): Promise<ArrayBuffer> {
    const token = this.#options.token();
    const response = await this.#fetch('GET', path + queryString(query), token, undefined, signal);
    if (!response.ok) throw await this.#refusal(response, token);
    return response.arrayBuffer();
  }

  /** Bytes as they are; the answer is JSON. */
  async sendBlob<const P extends string>(
    path: P & Known<'POST', P>,
    content: Blob,
    type: string,
  ): Promise<Answer<'POST', P>> {
    const token = this.#options.token();
    const headers = { ...headersFor(token, false), 'Content-Type': type };
    const signal = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const response = await this.#ask(path, { method: 'POST', headers, signal, body: content }, signal);
    if (!response.ok) throw await this.#refusal(response, token);
    return (await response.json()) as Answer<'POST', P>;
  }

  async #fetch(
    method: string,
    path: string,
    token: string | null,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Response> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const init: RequestInit = {
      method,
      headers: headersFor(token, body !== undefined),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return this.#ask(path, init, timeout, signal);
  }

  async #ask(path: string, init: RequestInit, timeout: AbortSignal, signal?: AbortSignal): Promise<Response> {
    try {
      const answer = await (this.#options.fetch ?? fetch)(path, init);
      this.#options.onReachable?.(!NO_WAY_THROUGH.has(answer.status));
      return answer;
    } catch (error) {
      if (signal?.aborted) throw error;
      this.#options.onReachable?.(false);
      throw new ApiError({ status: 0, code: timeout.aborted ? 'timeout' : 'offline' });
    }
  }

  async #refusal(response: Response, token: string | null): Promise<ApiError> {
    const error = await problemOf(response);
    if (response.status === 401 && token !== null) this.#options.onUnauthenticated?.(token);
    return error;
  }
}

function headersFor(token: string | null, hasBody: boolean): Record<string, string> {
  return {
    Accept: 'application/json, application/dicom+json',
    ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
    ...(token === null ? {} : { Authorization: `Bearer ${token}`, 'Countyread-Idle': String(idleSeconds()) }),
  };
}

/** `?a=1&b=x&b=y`; empty values are left out, lists repeat the name. */
export function queryString(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((item: string) => params.append(name, item));
    else if (value !== undefined && value !== null && value !== '' && value !== false) params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
