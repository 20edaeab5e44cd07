import type { Schemas } from '../api/routes.ts';

export type UploadFate = Schemas['UploadFate'];

/** One file, or one inside a ZIP. */
export type UploadEntry = Schemas['EntryOut'];

/** What came of one file that was sent. */
export type UploadedFile = Schemas['FileOut'];
export type Upload = Schemas['UploadOut'];
