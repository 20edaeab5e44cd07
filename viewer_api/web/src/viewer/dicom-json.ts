/** DICOM JSON Model (PS3.18 annex F): what is needed to sort, label and download. */

export interface Attribute {
  vr: string;
  Value?: unknown[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

export type Instance = Readonly<Record<string, Attribute | undefined>>;

export const Tag = {
  AvailableTransferSyntaxUID: '00083002',
  PixelRepresentation: '00280103',
  LossyImageCompression: '00282110',
  LossyImageCompressionRatio: '00282112',
  SOPClassUID: '00080016',
  SOPInstanceUID: '00080018',
  CineRate: '00180040',
  FrameTime: '00181063',
  FrameTimeVector: '00181065',
  RecommendedDisplayFrameRate: '00082144',
  SliceThickness: '00180050',
  SliceLocation: '00201041',
  InstanceNumber: '00200013',
  ImageOrientationPatient: '00200037',
  AcquisitionDateTime: '0008002A',
  AcquisitionDate: '00080022',
  AcquisitionTime: '00080032',
  SeriesDate: '00080021',
  SeriesTime: '00080031',
  Laterality: '00200060',
  ImageLaterality: '00200062',
  ViewPosition: '00185101',
  NumberOfFrames: '00280008',
  SamplesPerPixel: '00280002',
  FrameOfReferenceUID: '00200052',
  ImagePositionPatient: '00200032',
  PixelSpacing: '00280030',
  ImagerPixelSpacing: '00181164',
  SharedFunctionalGroups: '52009229',
  PerFrameFunctionalGroups: '52009230',
  PlanePosition: '00209113',
  PlaneOrientation: '00209116',
  PixelMeasures: '00289110',
  Rows: '00280010',
  Columns: '00280011',
  BitsAllocated: '00280100',
} as const;

export function textOf(instance: Instance, tag: string): string {
  const value = instance[tag]?.Value?.[0];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** The first value as a number; `null` when there is none. */
export function numberOf(instance: Instance, tag: string): number | null {
  const value = instance[tag]?.Value?.[0];
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number.parseFloat(value) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}

/** All values as numbers; empty when there are none, or when one is not a number. */
export function numbersOf(instance: Instance, tag: string): number[] {
  const values = (instance[tag]?.Value ?? []).map((value) => (typeof value === 'string' ? Number.parseFloat(value) : Number(value)));
  return values.every(Number.isFinite) ? values : [];
}

/** The first item of a sequence. */
export function itemOf(instance: Instance, tag: string, at = 0): Instance | null {
  const item = instance[tag]?.Value?.[at];
  return typeof item === 'object' && item !== null ? (item as Instance) : null;
}
