/** Samples of an ECG in microvolts; NaN where nothing was recorded. */
export interface Samples {
  leads: readonly string[];
  derived: readonly string[];
  hz: number;
  /** Of this part within the record. */
  firstSample: number;
  samplesInRecord: number;
  microvolts: readonly Float32Array[];
}

interface Header {
  leads: string[];
  derived_leads: string[];
  sampling_hz: number;
  first_sample: number;
  samples: number;
  samples_in_record: number;
  scale_uv: number[];
  nothing: number;
}

const MAGIC = 'ECGS';
const HEAD = 8;

/** Reads what the server packs: `ECGS`, length of the header, JSON, then 16 bits a sample, lead by lead, little endian. */
export function unpack(body: ArrayBuffer): Samples {
  const view = new DataView(body);
  const magic = String.fromCharCode(...new Uint8Array(body, 0, 4));
  if (magic !== MAGIC) throw new Error('not the samples of an ECG');
  const size = view.getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(body, HEAD, size))) as Header;
  const microvolts = header.leads.map((_, lead) => {
    const stored = new Int16Array(body, HEAD + size + lead * header.samples * 2, header.samples);
    const scale = header.scale_uv[lead] ?? 1;
    return Float32Array.from(stored, (value) => (value === header.nothing ? NaN : value * scale));
  });
  return {
    leads: header.leads,
    derived: header.derived_leads,
    hz: header.sampling_hz,
    firstSample: header.first_sample,
    samplesInRecord: header.samples_in_record,
    microvolts,
  };
}
