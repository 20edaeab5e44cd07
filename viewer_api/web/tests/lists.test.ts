import { describe, expect, it, vi } from 'vitest';

import type { Page, Result } from '../src/api/types.ts';
import { ResultsBox } from '../src/clinic/results-box.ts';
import { PagedList } from '../src/lib/paged.ts';
import { parseFilter, toQuery, NO_FILTER } from '../src/worklist/filter.ts';

const PAGES: Readonly<Record<string, Page<number>>> = {
  '': { items: [1, 2], next: 'b' },
  b: { items: [3], next: null },
};

describe('PagedList', () => {
  it('keeps as many pages as are on screen when it refreshes', async () => {
    const load = vi.fn(async (cursor: string | null) => PAGES[cursor ?? '']!);
    const list = new PagedList<number>(() => undefined);
    await list.ask(load);
    expect([list.items, list.next]).toEqual([[1, 2], 'b']);
    await list.more();
    await list.refresh();
    expect([list.items, list.next]).toEqual([[1, 2, 3], null]);
  });

  it('drops the answer to an older question', async () => {
    const list = new PagedList<number>(() => undefined);
    let late = (_: Page<number>): void => undefined;
    const first = list.ask(() => new Promise((resolve) => (late = resolve)));
    await list.ask(async () => ({ items: [9], next: null }));
    late({ items: [1], next: null });
    await first;
    expect(list.items).toEqual([9]);
  });

  it('keeps what it has when a refresh fails', async () => {
    const list = new PagedList<number>(() => undefined);
    const load = vi.fn().mockResolvedValueOnce(PAGES['b']).mockRejectedValueOnce(new Error('away'));
    await list.ask(load);
    await list.refresh();
    expect([list.items, (list.error as Error).message]).toEqual([[3], 'away']);
  });
});

describe('worklist filter', () => {
  it('asks for closed tasks only in the list of finished ones', () => {
    expect(toQuery(NO_FILTER)).toMatchObject({ state: [], open: 'true' });
    expect(toQuery({ ...NO_FILTER, view: 'finished' })).toMatchObject({ open: 'false' });
    expect(toQuery({ ...NO_FILTER, view: 'to_audit', q: ' 张 ' })).toMatchObject({ state: ['drafted'], q: '张' });
  });

  it('survives whatever was kept', () => {
    expect(parseFilter('{"view":"mine","modality":"CT","q":"x"}')).toEqual({ ...NO_FILTER, view: 'mine', modality: 'CT' });
    expect(parseFilter('{"view":"nonsense"}')).toEqual(NO_FILTER);
    expect(parseFilter('broken')).toEqual(NO_FILTER);
  });
});

describe('ResultsBox', () => {
  const result = (seq: number, report_id: number, received: boolean, critical = ''): Result =>
    ({ seq, report_id, critical, study_instance_uid: `1.${report_id}`, received_at: received ? 'x' : null }) as Result;

  function box(results: Result[]) {
    const texts = new Map<string, string>();
    const storage = { get: (key: string) => texts.get(key) ?? null, set: (key: string, value: string | null) => void texts.set(key, value ?? '') };
    const asked: number[] = [];
    const api = {
      async results(after: number, limit: number) {
        asked.push(after);
        const items = results.filter(({ seq }) => seq > after).slice(0, limit);
        return { items, next: items.at(-1)?.seq ?? after };
      },
      async receipt(seq: number) {
        const at = results.findIndex((one) => one.seq === seq);
        results[at] = { ...results[at]!, received_at: 'x' };
      },
    };
    return { box: new ResultsBox(api, storage, 't01'), asked };
  }

  it('shows the last result of each report, critical ones first', async () => {
    const { box: unread } = box([result(1, 1, true), result(2, 2, false), result(3, 3, false, 'stroke'), result(4, 2, false)]);
    await unread.refresh();
    expect(unread.unread.map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it('confirms the older versions with the newest', async () => {
    const results = [result(1, 1, false), result(2, 1, false)];
    const { box: unread } = box(results);
    await unread.refresh();
    await unread.confirm(unread.unread[0]!);
    expect(results.map(({ received_at }) => received_at)).toEqual(['x', 'x']);
    expect(unread.unread).toEqual([]);
  });

  it('asks only after what has been confirmed without a gap', async () => {
    const { box: unread, asked } = box([result(1, 1, true), result(2, 2, false), result(3, 3, true)]);
    await unread.refresh();
    await unread.refresh();
    expect(asked).toEqual([0, 1]);
  });

  it('reads on over more than one page', async () => {
    const many = Array.from({ length: 450 }, (_, n) => result(n + 1, n + 1, n < 449));
    const { box: unread, asked } = box(many);
    await unread.refresh();
    expect([unread.unread.length, asked]).toEqual([1, [0, 200, 400]]);
  });
});
