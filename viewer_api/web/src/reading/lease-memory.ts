import type { Lease, TaskDetail } from '../api/types.ts';
import { perTab } from '../lib/storage.ts';

export interface HeldLease {
  token: string;
  expiresAt: string;
}

const key = (taskId: number): string => `countyread.lease.${taskId}`;

/** Keeps the token for this tab, so that a reload goes on with the case; returns the task's id. */
export function rememberLease(lease: Lease): number {
  keepLease(lease.task, { token: lease.lease_token, expiresAt: lease.lease_expires_at });
  return lease.task.id;
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
