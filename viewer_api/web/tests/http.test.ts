import { describe, expect, it, vi } from 'vitest';

import { Http, queryString } from '../src/api/http.ts';
import { ApiError } from '../src/api/problem.ts';
import { inWords } from '../src/i18n/errors.ts';
import { setLanguage } from '../src/i18n/index.ts';

function answering(response: Response | Error): { http: Http; calls: [string, RequestInit][]; left: () => unknown[] } {
  const calls: [string, RequestInit][] = [];
  const onUnauthenticated = vi.fn();
  const fake = (async (path: string, init: RequestInit) => {
    calls.push([path, init]);
    if (response instanceof Error) throw response;
    return response;
  }) as typeof fetch;
  const http = new Http({ fetch: fake, token: () => 'secret', onUnauthenticated });
  return { http, calls, left: () => onUnauthenticated.mock.calls };
}

const problem = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });

async function failure(response: Response | Error): Promise<ApiError> {
  return answering(response).http.get('/api/v1/health').then(
    () => Promise.reject(new Error('it should have failed')),
    (error: ApiError) => error,
  );
}

describe('Http', () => {
  it('sends the token and JSON', async () => {
    const { http, calls } = answering(Response.json({ ok: true }));
    expect(await http.post('/api/v1/tasks/7/heartbeat', { lease_token: 'a' })).toEqual({ ok: true });
    const [path, init] = calls[0]!;
    expect(path).toBe('/api/v1/tasks/7/heartbeat');
    expect(init.headers).toMatchObject({ Authorization: 'Bearer secret', 'Content-Type': 'application/json' });
    expect(init.body).toBe('{"lease_token":"a"}');
  });

  it('takes no address, body or question that the server does not know', () => {
    const { http } = answering(Response.json({}));
    // Each is refused by the compiler: a call that it lets through fails `npm run types`.
    const wrong = (): unknown[] => [
      // @ts-expect-error No such address.
      http.get('/api/v1/nothing'),
      // @ts-expect-error A task is not deleted.
      http.delete('/api/v1/tasks/7'),
      // @ts-expect-error The token is missing.
      http.post('/api/v1/tasks/7/heartbeat', {}),
      // @ts-expect-error No such state.
      http.get('/api/v1/tasks', { state: ['sleeping'] }),
      // @ts-expect-error The answer is a task, not a study.
      http.get('/api/v1/tasks/7').then(({ series_list }) => series_list),
    ];
    expect(wrong).toBeTypeOf('function');
  });

  it('gives nothing for 204', async () => {
    expect(await answering(new Response(null, { status: 204 })).http.post('/api/v1/tasks/next')).toBeUndefined();
  });

  it('tells a refusal by its code', async () => {
    const error = await failure(problem(409, { code: 'stale_lease', detail: 'Your claim has ended.' }));
    expect([error.code, error.status, error.isConflict]).toEqual(['stale_lease', 409, true]);
    expect(inWords(error)).toContain('占用已失效');
  });

  it('says which token is not known any more', async () => {
    const { http, left } = answering(problem(401, { code: 'not_authenticated' }));
    await expect(http.get('/api/v1/health')).rejects.toBeInstanceOf(ApiError);
    expect(left()).toEqual([['secret']]);
  });

  it('takes the page of a proxy for what it is', async () => {
    const error = await failure(new Response('<html>Bad gateway</html>', { status: 502 }));
    expect([error.code, error.isUnreachable]).toEqual(['unavailable', true]);
  });

  it('names a network fault', async () => {
    const error = await failure(new TypeError('Failed to fetch'));
    expect([error.code, error.status, error.isUnreachable]).toEqual(['offline', 0, true]);
  });

  it('passes an abort of the caller on as it is', async () => {
    const abort = new AbortController();
    abort.abort();
    const { http } = answering(new DOMException('aborted', 'AbortError'));
    await expect(http.get('/api/v1/health', {}, abort.signal)).rejects.toBeInstanceOf(DOMException);
  });

  it('keeps the messages of the fields', async () => {
    const errors = [{ field: 'report.findings', message: 'too long' }];
    const error = await failure(problem(422, { code: 'invalid', errors }));
    expect(inWords(error)).toMatch(/不符合要求.*too long/);
  });
});

describe('inWords', () => {
  it('uses the detail of a code it does not know, but not of a server fault', () => {
    setLanguage('en');
    expect(inWords(new ApiError({ status: 400, code: 'new_thing', detail: 'Only on Mondays.' }))).toBe('Only on Mondays.');
    expect(inWords(new ApiError({ status: 500, code: 'boom', detail: 'trace' }))).toMatch(/server failed/);
    expect(inWords(new TypeError('x'))).toMatch(/unexpected/);
    setLanguage('zh');
  });
});

describe('queryString', () => {
  it('repeats lists and leaves out what is empty', () => {
    expect(queryString({ state: ['queued', 'rework'], q: '', cursor: null, mine: false, limit: 50 })).toBe(
      '?state=queued&state=rework&limit=50',
    );
    expect(queryString({})).toBe('');
  });
});
