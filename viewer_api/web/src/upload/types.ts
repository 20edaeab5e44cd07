export type UploadFate = 'taken' | 'stored' | 'already_there' | 'quarantined' | 'refused';

/** One file, or one inside a ZIP. */
export interface UploadEntry {
  file: string;
  name: string;
  fate: UploadFate;
  code: string;
  detail: string;
  study_instance_uid: string;
  size: number;
}

/** What came of one file that was sent. */
export interface UploadedFile {
  file: string;
  taken: number;
  refused: number;
  entries: UploadEntry[];
}

export interface Upload {
  id: string;
  institution: string;
  opened_at: string;
  completed_at: string | null;
  counts: Record<UploadFate, number>;
  items: UploadEntry[];
  next: string | null;
}
