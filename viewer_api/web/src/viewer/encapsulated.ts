import dicomParser from 'dicom-parser';

const ENCAPSULATED_DOCUMENT = 'x00420011';
const MIME_TYPE = 'x00420012';
const LENGTH = 'x00420015';

/** The document inside a Part 10 file (PS3.3 C.24.2), or `null` when there is none. */
export function encapsulatedDocument(part10: Uint8Array<ArrayBuffer>): Blob | null {
  const file = dicomParser.parseDicom(part10);
  const element = file.elements[ENCAPSULATED_DOCUMENT];
  if (element === undefined) return null;
  const length = file.uint32(LENGTH) ?? element.length;
  const bytes = part10.subarray(element.dataOffset, element.dataOffset + Math.min(length, element.length));
  return new Blob([bytes], { type: file.string(MIME_TYPE) ?? 'application/pdf' });
}
