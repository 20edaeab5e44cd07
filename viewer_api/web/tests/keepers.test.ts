import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '../src/api/problem.ts';
import type { ReportContent } from '../src/api/types.ts';
import type { TextStorage } from '../src/lib/storage.ts';
import { DraftKeeper, EMPTY, localCopy } from '../src/reading/draft-keeper.ts';
import { LeaseKeeper, type LeaseState } from '../src/reading/lease-keeper.ts';

const KEY = 'draft';
const offline = new ApiError({ status: 0, code: 'offline' });
const stale = new ApiError({ status: 409, code: 'stale_lease' });

function memory(): TextStorage & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    get: (key) => texts.get(key) ?? null,
    set: (key, value) => void (value === null ? texts.delete(key) : texts.set(key, value)),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('DraftKeeper', () => {
  function keeper(save: (content: ReportContent) => Promise<{ saved_at: string }>) {
    const storage = memory();
    const lost = vi.fn();
    const draft = new DraftKeeper({ initial: EMPTY, save, changed: () => undefined, stale: lost, storage, key: KEY });
    return { draft, storage, lost };
  }

  it('saves once writing has stopped, and keeps a copy until then', async () => {
    const save = vi.fn(async () => ({ saved_at: '2026-11-22T04:00:00Z' }));
    const { draft, storage } = keeper(save);
    draft.edit({ findings: 'a' });
    draft.edit({ findings: 'ab' });
    expect(storage.texts.has(KEY)).toBe(true);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(save.mock.calls).toEqual([[{ ...EMPTY, findings: 'ab' }]]);
    expect([draft.state, draft.savedAt, storage.texts.size]).toEqual(['saved', '2026-11-22T04:00:00Z', 0]);
  });

  it('saves while somebody types without a pause', async () => {
    const save = vi.fn(async () => ({ saved_at: 'x' }));
    const { draft } = keeper(save);
    for (let n = 0; n < 10; n++) {
      draft.edit({ findings: 'x'.repeat(n) });
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(save).toHaveBeenCalled();
  });

  it('saves again what was written during a save', async () => {
    let finish = (): void => undefined;
    const save = vi.fn(() => new Promise<{ saved_at: string }>((resolve) => (finish = () => resolve({ saved_at: 'x' }))));
    const { draft, storage } = keeper(save);
    draft.edit({ findings: 'one' });
    await vi.advanceTimersByTimeAsync(2000);
    draft.edit({ findings: 'two' });
    finish();
    await vi.advanceTimersByTimeAsync(2000);
    expect(save).toHaveBeenCalledTimes(2);
    expect(storage.texts.has(KEY)).toBe(true);
    finish();
    await vi.advanceTimersByTimeAsync(0);
    expect(storage.texts.has(KEY)).toBe(false);
  });

  describe('with a slow server', () => {
    const answers: (() => void)[] = [];
    const save = vi.fn(() => new Promise<{ saved_at: string }>((resolve) => answers.push(() => resolve({ saved_at: 'x' }))));

    beforeEach(() => {
      answers.length = 0;
      save.mockClear();
    });

    it('lets everyone who asks wait until the newest words are saved', async () => {
      const { draft } = keeper(save);
      draft.edit({ findings: 'one' });
      const first = draft.flush();
      await vi.advanceTimersByTimeAsync(0);
      draft.edit({ findings: 'two' });
      const ended: string[] = [];
      for (const who of ['blur', 'sign']) void draft.flush().then(() => ended.push(who));
      answers[0]!();
      await first;
      await vi.advanceTimersByTimeAsync(0);
      expect([save.mock.calls.length, ended]).toEqual([2, []]);
      answers[1]!();
      await vi.advanceTimersByTimeAsync(0);
      expect([ended, draft.state]).toEqual([['blur', 'sign'], 'saved']);
    });

    it('hands the report over once nothing is under way, and saves nothing behind it', async () => {
      const { draft } = keeper(save);
      draft.edit({ findings: 'one' });
      void draft.flush();
      await vi.advanceTimersByTimeAsync(0);
      draft.edit({ findings: 'two' });
      void draft.flush();
      const submit = vi.fn(async () => {
        draft.edit({ findings: 'three' });
        void draft.flush();
        await vi.advanceTimersByTimeAsync(20_000);
      });
      const handed = draft.handOver(submit);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(submit).not.toHaveBeenCalled();
      answers[0]!();
      await handed;
      draft.close({ keepCopy: false });
      await vi.advanceTimersByTimeAsync(20_000);
      expect(save).toHaveBeenCalledTimes(1);
    });

    it('goes on saving when the report stays with us', async () => {
      const { draft } = keeper(save);
      draft.edit({ findings: 'one' });
      await expect(draft.handOver(() => Promise.reject(offline))).rejects.toBe(offline);
      await vi.advanceTimersByTimeAsync(2000);
      expect(save).toHaveBeenCalledTimes(1);
    });
  });

  it('keeps the text on this PC and tries again while the server is away', async () => {
    const save = vi.fn<() => Promise<{ saved_at: string }>>().mockRejectedValueOnce(offline).mockResolvedValue({ saved_at: 'x' });
    const { draft, storage } = keeper(save);
    draft.edit({ findings: 'a' });
    await vi.advanceTimersByTimeAsync(2000);
    expect([draft.state, storage.texts.has(KEY)]).toEqual(['failed', true]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(draft.state).toBe('saved');
  });

  it('says that the lease is lost, keeps the text and stops trying', async () => {
    const save = vi.fn().mockRejectedValue(stale);
    const { draft, storage, lost } = keeper(save);
    draft.edit({ findings: 'a' });
    await vi.advanceTimersByTimeAsync(60_000);
    draft.edit({ findings: 'ab' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).toHaveBeenCalledTimes(1);
    expect(storage.texts.get(KEY)).toContain('"ab"');
    expect(lost).toHaveBeenCalledTimes(1);
    expect(storage.texts.has(KEY)).toBe(true);
  });

  it('leaves nothing behind when the report is done', async () => {
    const save = vi.fn(async () => ({ saved_at: 'x' }));
    const { draft, storage } = keeper(save);
    draft.edit({ findings: 'a' });
    draft.close({ keepCopy: false });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([save.mock.calls.length, storage.texts.size]).toEqual([0, 0]);
  });
});

describe('localCopy', () => {
  it('is offered only when it says something else than the server', () => {
    const storage = memory();
    const content = { ...EMPTY, findings: 'a' };
    storage.set(KEY, JSON.stringify({ content, at: 'x' }));
    expect(localCopy(storage, KEY, EMPTY)?.content).toEqual(content);
    expect(localCopy(storage, KEY, content)).toBeNull();
    storage.set(KEY, 'not json');
    expect(localCopy(storage, KEY, EMPTY)).toBeNull();
  });
});

describe('LeaseKeeper', () => {
  function keeper(heartbeat: () => Promise<{ lease_expires_at: string }>) {
    const states: LeaseState[] = [];
    const lease = new LeaseKeeper(7, { token: 't', expiresAt: 'a' }, { heartbeat }, ({ state }) => states.push(state));
    return { lease, states };
  }

  it('beats once a minute', async () => {
    const heartbeat = vi.fn(async () => ({ lease_expires_at: 'b' }));
    const { lease } = keeper(heartbeat);
    await vi.advanceTimersByTimeAsync(180_000);
    expect(heartbeat).toHaveBeenCalledTimes(3);
    expect(lease.lease.expiresAt).toBe('b');
    lease.stop();
  });

  it('is unsure while the server is away, and recovers', async () => {
    const heartbeat = vi
      .fn<() => Promise<{ lease_expires_at: string }>>()
      .mockRejectedValueOnce(offline)
      .mockResolvedValue({ lease_expires_at: 'b' });
    const { lease, states } = keeper(heartbeat);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lease.state).toBe('unsure');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states).toEqual(['unsure', 'held']);
    lease.stop();
  });

  it('is lost when the server says so, and then is silent', async () => {
    const heartbeat = vi.fn().mockRejectedValue(stale);
    const { states } = keeper(heartbeat);
    await vi.advanceTimersByTimeAsync(300_000);
    expect([states, heartbeat.mock.calls.length]).toEqual([['lost'], 1]);
  });
});
