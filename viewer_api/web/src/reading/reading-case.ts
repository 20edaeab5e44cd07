import { ApiError } from '../api/problem.ts';
import type { Action, Lease, ReportContent, StudyDetail, TaskDetail } from '../api/types.ts';
import { lasting } from '../lib/storage.ts';
import { api, currentUser, hasRole } from '../session.ts';
import { DraftKeeper, EMPTY, localCopy, type LocalCopy } from './draft-keeper.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { earlyStudies, studyOf, taskOf } from './early.ts';
import { draftKey } from './unsent.ts';
import { forgetLease, handedOver, keepLease, recallLease, rememberLease, type HeldLease } from './lease-memory.ts';

const PICTURES_LATER_MS = 4000;

/** One case on the reading page: the task, its study, and while it is ours the lease and the draft. */
export class ReadingCase {
  readonly id: number;
  task: TaskDetail | null = null;
  study: StudyDetail | null = null;
  lease: LeaseKeeper | null = null;
  draft: DraftKeeper | null = null;
  /** The draft as it was when we took the case. */
  original: ReportContent = EMPTY;
  /** What this PC kept and the server does not have. */
  copy: LocalCopy | null = null;
  /** Why the case cannot be shown. */
  error: unknown = null;
  /** Why it could not be taken in hand, while it can be looked at. */
  refusal: unknown = null;

  readonly #changed: () => void;
  #closed = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(id: number, changed: () => void) {
    this.id = id;
    this.#changed = changed;
  }

  /** Loads the case; with `take` also takes it in hand where that is allowed. */
  async open(take: boolean): Promise<void> {
    const handed = handedOver(this.id);
    if (handed !== null) this.#goOnWith(handed);
    try {
      const fresh = await taskOf(this.id);
      if (this.#closed) return;
      this.task = fresh;
      const study = this.loadStudy();
      if (handed === null && (take || this.#isOurs)) await this.#hold(take);
      await study;
    } catch (error) {
      this.error = error;
    }
    this.#tell();
  }

  /** What the answer to our claim and what was asked for beforehand show at once; the server is asked for the rest. */
  #goOnWith(lease: Lease): void {
    this.#claimed(lease);
    const study = earlyStudies.takeSettled(lease.task.study_instance_uid);
    if (study !== null) this.#showStudy(study);
    this.#tell();
  }

  async loadStudy(): Promise<void> {
    if (this.task === null) return;
    const study = await studyOf(this.task.study_instance_uid);
    if (!this.#closed) this.#showStudy(study);
  }

  #showStudy(study: StudyDetail): void {
    this.study = study;
    clearTimeout(this.#later);
    if (study.series_list.some(({ kind, preview }) => kind === 'ecg' && preview === null)) {
      this.#later = setTimeout(() => void this.loadStudy().catch(() => undefined), PICTURES_LATER_MS);
    }
    this.#tell();
  }

  /** Takes a case that is looked at, or one that was lost. */
  async take(): Promise<void> {
    const written = this.draft?.touched ? this.draft.content : null;
    const before = this.lease;
    this.task = await api.task(this.id);
    await this.#hold(true);
    if (this.refusal !== null) throw this.refusal;
    if (written !== null && this.lease !== before) this.draft?.edit(written);
    this.copy = null;
    this.#tell();
  }

  /** Looks again at what others may have done to a case; of one in our hand, only at what has come for it. */
  async refresh(): Promise<void> {
    if (this.#closed) return;
    const fresh = await api.task(this.id).catch(() => this.task);
    this.task = this.isHeld && this.task !== null && fresh !== null ? { ...this.task, ...arrivals(fresh) } : fresh;
    this.#tell();
  }

  get isHeld(): boolean {
    return this.lease !== null;
  }

  get isAudit(): boolean {
    return this.task?.state === 'auditing';
  }

  may(action: Action): boolean {
    return this.task?.allowed_actions.includes(action) ?? false;
  }

  get token(): string {
    return this.lease?.lease.token ?? '';
  }

  useCopy(): void {
    if (this.copy !== null) this.draft?.edit(this.copy.content);
    this.copy = null;
    this.#tell();
  }

  dropCopy(): void {
    lasting.set(this.#draftKey, null);
    this.copy = null;
    this.#tell();
  }

  /** The case left our hands by what we did; nothing of it stays on this PC. */
  done(): void {
    forgetLease(this.id);
    this.lease?.stop();
    this.draft?.close({ keepCopy: false });
    this.lease = null;
    this.draft = null;
  }

  /**
   * The page is left. A case in which nothing was written goes back to the list; otherwise the draft is saved and
   * the case stays ours until the lease runs out. Returns that moment.
   */
  leave(): string | null {
    this.#closed = true;
    clearTimeout(this.#later);
    const { lease, draft } = this;
    lease?.stop();
    if (lease === null || draft === null || lease.state === 'lost' || currentUser() === null) return null;
    if (!draft.touched) {
      forgetLease(this.id);
      void api.release(this.id, lease.lease.token).catch(() => undefined);
      return null;
    }
    void draft.flush().then(() => draft.close({ keepCopy: draft.state !== 'saved' && draft.state !== 'clean' }));
    return lease.lease.expiresAt;
  }

  get #isOurs(): boolean {
    return recallLease(this.id) !== null && this.may('heartbeat');
  }

  async #hold(take: boolean): Promise<void> {
    this.refusal = null;
    try {
      if (await this.#goOn()) return;
      if (take && hasRole('radiologist', 'auditor')) await this.#claim();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refusal = error;
    }
  }

  /** After a reload the tab still has its token. */
  async #goOn(): Promise<boolean> {
    const kept = recallLease(this.id);
    if (kept === null || !this.may('heartbeat') || this.lease?.state === 'lost') return false;
    try {
      const { lease_expires_at: expiresAt } = await api.heartbeat(this.id, kept.token);
      this.#start({ token: kept.token, expiresAt });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.isConflict) return false;
      throw error;
    }
  }

  async #claim(): Promise<void> {
    if (this.may('claim')) this.#claimed(await api.claim(this.id));
    else if (this.may('resume')) this.#claimed(await api.resume(this.id));
  }

  #claimed(lease: Lease): void {
    rememberLease(lease);
    this.task = { ...this.task, ...lease.task };
    this.#start({ token: lease.lease_token, expiresAt: lease.lease_expires_at });
  }

  #start(held: HeldLease): void {
    if (this.#closed) return;
    this.lease?.stop();
    this.draft?.close({ keepCopy: true });
    this.lease = new LeaseKeeper(this.id, held, api, (keeper) => {
      if (keeper.state === 'held') keepLease({ id: this.id }, keeper.lease);
      this.#tell();
    });
    this.#startDraft();
  }

  #startDraft(): void {
    const draft = this.task?.draft ?? null;
    this.original = draft === null ? EMPTY : contentOf(draft);
    this.copy = localCopy(lasting, this.#draftKey, this.original);
    this.draft = new DraftKeeper({
      initial: this.original,
      save: (content) => api.saveDraft(this.id, this.token, content),
      changed: () => this.#tell(),
      stale: () => this.lease?.lose(),
      storage: lasting,
      key: this.#draftKey,
    });
  }

  get #draftKey(): string {
    return draftKey(currentUser()?.username ?? '', this.id);
  }

  #tell(): void {
    if (!this.#closed) this.#changed();
  }
}

function arrivals(task: TaskDetail): Partial<TaskDetail> {
  const { late_images, late_images_since, may_be_incomplete, missing, expected, more_arriving, series, instances } = task;
  return { late_images, late_images_since, may_be_incomplete, missing, expected, more_arriving, series, instances };
}

export function contentOf({ findings, impression, positive, critical, structure }: ReportContent): ReportContent {
  const kept = structure && { template: structure.template, version: structure.version, language: structure.language, values: structure.values };
  return { findings, impression, positive, critical, structure: kept ?? null };
}
