import { idleSeconds } from '../lib/idle.ts';
import { learnServerTime } from '../lib/server-time.ts';
import { ApiError, problemOf } from './problem.ts';

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

/** JSON over HTTP with the bearer token; every failure is an {@link ApiError}. */
export class Http {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.send<T>('GET', path + queryString(query), undefined, signal);
  }

  post<T>(path: string, body: object = {}): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  put<T>(path: string, body: object): Promise<T> {
    return this.send<T>('PUT', path, body);
  }

  /** `undefined` stands for an answer without content. */
  async send<T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> {
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
  async sendBlob<T>(method: string, path: string, content: Blob, type: string): Promise<T> {
    const token = this.#options.token();
    const headers = { ...headersFor(token, false), 'Content-Type': type };
    const signal = AbortSignal.timeout(this.#options.timeoutMs ?? TIMEOUT_MS);
    const response = await this.#ask(path, { method, headers, signal, body: content }, signal);
    if (!response.ok) throw await this.#refusal(response, token);
    return (await response.json()) as T;
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
