import { describe, expect, it } from 'vitest';

import { deadline, type Clocks } from '../src/lib/sla.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();
const task = (change: Partial<Clocks> = {}): Clocks => ({
  state: 'queued',
  due_at: at(20),
  limit_at: at(30),
  sla: 'on_time',
  ...change,
});

describe('deadline', () => {
  it('counts down to the target, and believes the server that it is near', () => {
    expect(deadline(task(), NOW)).toEqual({ standing: 'on_time', leftMs: 20 * 60_000 });
    expect(deadline(task({ sla: 'soon' }), NOW).standing).toBe('soon');
  });

  it('turns late by itself when the target passes, and counts to the limit', () => {
    expect(deadline(task({ due_at: at(-1) }), NOW)).toEqual({ standing: 'late', leftMs: 30 * 60_000 });
  });

  it('turns breached when the limit passes', () => {
    expect(deadline(task({ due_at: at(-20), limit_at: at(-5), sla: 'late' }), NOW)).toEqual({
      standing: 'breached',
      leftMs: -5 * 60_000,
    });
  });

  it('never makes it better than the server said', () => {
    expect(deadline(task({ sla: 'breached' }), NOW).standing).toBe('breached');
  });

  it.each(['retake_wait', 'info_wait'] as const)('stands still in %s', (state) => {
    expect(deadline(task({ state, due_at: at(-60), limit_at: at(-50) }), NOW).standing).toBe('paused');
  });

  it.each(['signed', 'delivered', 'cancelled', 'declined'] as const)('is over in %s', (state) => {
    expect(deadline(task({ state, limit_at: at(-50) }), NOW).standing).toBe('done');
  });

  it('has nothing to count for a study without a task', () => {
    expect(deadline(task({ state: 'receiving', due_at: null, limit_at: null, sla: null }), NOW).standing).toBe('none');
  });
});
