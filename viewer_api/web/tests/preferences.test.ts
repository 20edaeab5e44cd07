import { expect, test, vi } from 'vitest';

import { PreferenceStore, type KeptPreference, type PreferenceServer } from '../src/lib/preferences.ts';

function memory(): { get(key: string): string | null; set(key: string, value: string | null): void } {
  const kept = new Map<string, string>();
  return { get: (key) => kept.get(key) ?? null, set: (key, value) => void (value === null ? kept.delete(key) : kept.set(key, value)) };
}

class Server implements PreferenceServer {
  readonly rows = new Map<string, KeptPreference>();
  reachable = true;

  load(): Promise<KeptPreference[]> {
    return this.reachable ? Promise.resolve([...this.rows.values()]) : Promise.reject(new Error('offline'));
  }

  save(name: string, value: unknown): Promise<KeptPreference> {
    if (!this.reachable) return Promise.reject(new Error('offline'));
    const row = { name, value, version: (this.rows.get(name)?.version ?? 0) + 1 };
    this.rows.set(name, row);
    return Promise.resolve(row);
  }
}

const size = (value: unknown): number => (typeof value === 'number' ? value : 15);

test('what was set follows its person to another PC, and nobody else', async () => {
  const server = new Server();
  const here = new PreferenceStore(memory());
  await here.use('li', server);
  here.set('editor.size', 18);
  await here.send();
  const there = new PreferenceStore(memory());
  const cell = there.cell('editor.size', size);
  expect(cell.value).toBe(15);
  await there.use('li', server);
  expect(cell.value).toBe(18);
  await there.use('', null);
  expect(cell.value).toBe(15);
});

test('this PC knows at once, and what was set without a line is sent later', async () => {
  const [server, storage] = [new Server(), memory()];
  const first = new PreferenceStore(storage);
  await first.use('li', server);
  server.reachable = false;
  first.set('editor.size', 20);
  await first.send();
  expect(server.rows.size).toBe(0);
  const again = new PreferenceStore(storage);
  await again.use('li', server);
  expect(again.cell('editor.size', size).value).toBe(20);
  server.reachable = true;
  await again.send();
  expect(server.rows.get('editor.size')?.value).toBe(20);
});

test('what was kept elsewhere since counts more than what never left this PC', async () => {
  const [server, storage] = [new Server(), memory()];
  const first = new PreferenceStore(storage);
  await first.use('li', server);
  server.reachable = false;
  first.set('editor.size', 20);
  await first.send();
  server.reachable = true;
  await server.save('editor.size', 16);
  const again = new PreferenceStore(storage);
  await again.use('li', server);
  expect(again.cell('editor.size', size).value).toBe(16);
});

test('what an older application kept may make no sense any more', async () => {
  const server = new Server();
  await server.save('editor.size', { px: 3 });
  const store = new PreferenceStore(memory());
  const cell = store.cell('editor.size', size);
  const told = vi.fn();
  cell.subscribe(told);
  await store.use('li', server);
  expect(cell.value).toBe(15);
  expect(told).not.toHaveBeenCalled();
});
