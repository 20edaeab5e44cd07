import { describe, expect, it } from 'vitest';

import { ApiError } from '../src/api/problem.ts';
import { chosen } from '../src/upload/gather.ts';
import { UploadQueue, type Server } from '../src/upload/queue.ts';
import type { Upload, UploadedFile } from '../src/upload/types.ts';
import { reason, size } from '../src/upload/words.ts';

const NOTHING = { taken: 0, stored: 0, already_there: 0, quarantined: 0, refused: 0 };

function upload(counts: Partial<Upload['counts']> = {}): Upload {
  return { id: 'u1', institution: 't01', opened_at: '', completed_at: null, counts: { ...NOTHING, ...counts }, items: [], next: null };
}

/** A server whose answers to files are given; `undefined` waits until the file is aborted. */
class Script implements Server {
  readonly sent: string[] = [];
  readonly ended: string[] = [];
  begun = 0;
  atOnce = 0;
  most = 0;
  readonly #answers: (name: string, attempt: number) => UploadedFile | Error | undefined;

  constructor(answers: (name: string, attempt: number) => UploadedFile | Error | undefined = () => taken()) {
    this.#answers = answers;
  }

  begin = async (): Promise<Upload> => {
    this.begun += 1;
    return upload();
  };

  complete = async (id: string): Promise<Upload> => {
    this.ended.push(id);
    return upload({ taken: 1 });
  };

  show = async (): Promise<Upload> => upload({ stored: 1 });

  send: Server['send'] = async ({ name, signal, file, onProgress }) => {
    this.sent.push(name);
    this.most = Math.max(this.most, (this.atOnce += 1));
    try {
      await Promise.resolve();
      onProgress(file.size);
      const answer = this.#answers(name, this.sent.filter((one) => one === name).length);
      if (answer === undefined) {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
      }
      if (answer instanceof Error) throw answer;
      return answer as UploadedFile;
    } finally {
      this.atOnce -= 1;
    }
  };
}

function taken(): UploadedFile {
  return { file: '1', taken: 1, refused: 0, entries: [] };
}

function files(...names: string[]): { file: File; name: string }[] {
  return names.map((name) => ({ file: new File(['12345'], name), name }));
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(condition()).toBe(true);
}

function queueOf(server: Server): UploadQueue {
  return new UploadQueue(server, () => undefined, { retry: 1, look: 1 });
}

describe('the queue', () => {
  it('sends three at a time, completes once, and looks until all is archived', async () => {
    const server = new Script();
    const queue = queueOf(server);
    queue.add(files('a', 'b', 'c', 'd', 'e', 'f', 'g'), 't01');
    await until(() => queue.upload?.counts.stored === 1);
    expect(server.sent.sort().join('')).toBe('abcdefg');
    expect([server.begun, server.ended, server.most]).toEqual([1, ['u1'], 3]);
    expect([queue.sent, queue.total]).toEqual([35, 35]);
  });

  it('tries again when the line breaks, and gives up after a while', async () => {
    const offline = new ApiError({ status: 0, code: 'offline' });
    const server = new Script((name, attempt) => (name === 'a' && attempt < 3 ? offline : name === 'b' ? offline : taken()));
    const queue = queueOf(server);
    queue.add(files('a', 'b'), '');
    await until(() => !queue.isBusy);
    expect(queue.items.map(({ state }) => state)).toEqual(['done', 'failed']);
    expect(server.ended).toEqual([]);
  });

  it('does not try again what the server refuses, until the person asks', async () => {
    const full = new ApiError({ status: 507, code: 'storage_full' });
    const server = new Script((_, attempt) => (attempt === 1 ? full : taken()));
    const queue = queueOf(server);
    queue.add(files('a'), '');
    await until(() => queue.failed.length === 1);
    queue.retry(...queue.failed);
    await until(() => queue.upload !== null);
    expect(server.begun).toBe(1);
  });

  it('pauses, goes on, and forgets what was cancelled', async () => {
    let hold = true;
    const server = new Script(() => (hold ? undefined : taken()));
    const queue = queueOf(server);
    queue.add(files('a', 'b'), '');
    await until(() => server.sent.length === 2);
    queue.pause();
    await until(() => server.atOnce === 0);
    expect(queue.items.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    queue.cancel(queue.items[0]!);
    hold = false;
    queue.resume();
    await until(() => queue.upload !== null);
    expect(queue.items.map(({ state }) => state)).toEqual(['cancelled', 'done']);
    expect([queue.sent, queue.total]).toEqual([5, 5]);
  });

  it('begins a new upload after the last one has ended', async () => {
    const server = new Script();
    const queue = queueOf(server);
    queue.add(files('a'), '');
    await until(() => queue.upload !== null);
    queue.add(files('b'), '');
    await until(() => server.ended.length === 2);
    expect([server.begun, queue.items.length]).toEqual([2, 1]);
  });
});

describe('words', () => {
  it('tell sizes and reasons', () => {
    expect([size(12), size(2048), size(3 << 20), size(900 << 20)]).toEqual(['12 B', '2.0 KB', '3.0 MB', '900 MB']);
    const entry = { file: '', name: '', fate: 'refused', detail: 'Said so.', study_instance_uid: '', size: 0 } as const;
    expect(reason({ ...entry, code: 'truncated' })).toContain('不完整');
    expect(reason({ ...entry, code: 'no_patient' })).toContain('患者');
    expect(reason({ ...entry, code: 'unheard_of' })).toBe('Said so.');
  });

  it('leave out what systems put into folders', () => {
    expect(chosen([new File([], 'a.dcm'), new File([], 'Thumbs.db')]).map(({ name }) => name)).toEqual(['a.dcm']);
  });
});
