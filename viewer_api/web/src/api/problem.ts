export interface FieldError {
  field: string;
  message: string;
  /** What is wrong, where the server says that too. */
  code?: string | null;
}

export interface Problem {
  code: string;
  status: number;
  title?: string;
  detail?: string;
  errors?: FieldError[];
  take_instead?: number;
}

/** A refusal of the server (RFC 9457 problem), or `offline` / `timeout` when no answer came. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** The task that is to be taken before the one that was refused. */
  readonly takeInstead: number | null;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.detail = problem.detail ?? problem.title ?? '';
    this.errors = problem.errors ?? [];
    this.takeInstead = problem.take_instead ?? null;
  }

  /** The task moved on, or the lease is not ours any more: nothing was changed. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  get isUnreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

const CODES: Readonly<Record<number, string>> = {
  401: 'not_authenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  422: 'invalid',
  429: 'too_many_requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** Reads an error answer, whatever a proxy may have made of it. */
export async function problemOf(response: Response): Promise<ApiError> {
  const body = await jsonOrEmpty(response);
  return new ApiError({
    status: response.status,
    code: text(body['code']) ?? CODES[response.status] ?? 'server',
    title: text(body['title']) ?? '',
    ...(text(body['detail']) ? { detail: text(body['detail']) as string } : {}),
    errors: Array.isArray(body['errors']) ? (body['errors'] as FieldError[]) : [],
    ...(typeof body['take_instead'] === 'number' ? { take_instead: body['take_instead'] } : {}),
  });
}

async function jsonOrEmpty(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
