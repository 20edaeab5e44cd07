import type { Lease, TaskDetail } from '../api/types.ts';
import { perTab } from '../lib/storage.ts';

export interface HeldLease {
  token: string;
  expiresAt: string;
}

const key = (taskId: number): string => `countyread.lease.${taskId}`;

let handed: Lease | null = null;

/** Keeps the token for this tab, so that a reload goes on with the case; returns the task's id. */
export function rememberLease(lease: Lease): number {
  keepLease(lease.task, { token: lease.lease_token, expiresAt: lease.lease_expires_at });
  return lease.task.id;
}

/** As {@link rememberLease}, and the whole answer goes to the page that opens the case now: it need not ask again. */
export function handOver(lease: Lease): number {
  handed = lease;
  return rememberLease(lease);
}

/** What is about to be handed over, for those who prepare for it. */
export function beingHandedOver(taskId: number): Lease | null {
  return handed?.task.id === taskId ? handed : null;
}

/** What was handed over, once. */
export function handedOver(taskId: number): Lease | null {
  const found = beingHandedOver(taskId);
  handed = null;
  return found;
}

export function keepLease(task: Pick<TaskDetail, 'id'>, lease: HeldLease): void {
  perTab.set(key(task.id), JSON.stringify(lease));
}

export function recallLease(taskId: number): HeldLease | null {
  try {
    return JSON.parse(perTab.get(key(taskId)) ?? 'null') as HeldLease | null;
  } catch {
    return null;
  }
}

export function forgetLease(taskId: number): void {
  perTab.set(key(taskId), null);
}
