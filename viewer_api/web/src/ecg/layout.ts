/** Where each lead stands on the paper. Millimetres are of the paper: the screen shows them larger or smaller, never other. */
export type LayoutName = '3x4' | '3x4+1' | '3x4+3' | '6x2' | '12x1' | 'cabrera' | 'rhythm';

export const LAYOUTS: readonly LayoutName[] = ['3x4', '3x4+1', '3x4+3', '6x2', '12x1', 'cabrera', 'rhythm'];
export const SPEEDS = [12.5, 25, 50] as const;
export const GAINS = [2.5, 5, 10, 20] as const;

export interface Cell {
  lead: string;
  /** Turned upside down, as -aVR in Cabrera's order. */
  inverted: boolean;
  row: number;
  /** Seconds of the record, and where they begin on the paper. */
  fromS: number;
  seconds: number;
  xMm: number;
}

export interface Sheet {
  cells: readonly Cell[];
  rows: number;
  rowMm: number;
  widthMm: number;
  heightMm: number;
}

/** Left of each row: the calibration pulse. */
export const PULSE_MM = 10;
const MARGIN_MM = 2.5;
const COLUMN_S = 2.5;
const ROW_MM = 25;
const DENSE_ROW_MM = 18;
const RHYTHM_ROW_MM = 35;
const USUAL = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const CABRERA = ['aVL', 'I', '-aVR', 'II', 'aVF', 'III', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const RHYTHM_LEADS = { '3x4+1': ['II'], '3x4+3': ['V1', 'II', 'V5'] } as const;

/** `seconds` is the length of what was recorded; a record shorter than a layout wants fills what it can. */
export function sheetOf(name: LayoutName, leads: readonly string[], seconds: number, speed: number, gain: number): Sheet {
  const rowMm = rowHeight(name) * Math.max(0.7, Math.min(1.6, gain / 10));
  const cells = placed(name, leads, seconds, speed);
  const rows = 1 + Math.max(0, ...cells.map(({ row }) => row));
  const right = Math.max(0, ...cells.map((cell) => cell.xMm + cell.seconds * speed));
  return { cells, rows, rowMm, widthMm: right + MARGIN_MM, heightMm: rows * rowMm + 2 * MARGIN_MM };
}

function rowHeight(name: LayoutName): number {
  if (name === '12x1' || name === 'cabrera') return DENSE_ROW_MM;
  return name === 'rhythm' ? RHYTHM_ROW_MM : ROW_MM;
}

function placed(name: LayoutName, leads: readonly string[], seconds: number, speed: number): Cell[] {
  const usual = [...USUAL.filter((lead) => leads.includes(lead)), ...leads.filter((lead) => !USUAL.includes(lead))];
  switch (name) {
    case 'rhythm':
      return stacked([rhythmLead(leads)], seconds);
    case '12x1':
      return stacked(usual, seconds);
    case 'cabrera': {
      const known = CABRERA.filter((lead) => leads.includes(lead.replace('-', '')));
      return stacked([...known, ...leads.filter((lead) => !USUAL.includes(lead))], seconds);
    }
    case '6x2':
      return inColumns(usual, 6, seconds / 2, speed);
    default: {
      const columns = inColumns(usual, 3, Math.min(COLUMN_S, seconds / Math.ceil(usual.length / 3)), speed);
      const below = name === '3x4' ? [] : RHYTHM_LEADS[name].filter((lead) => leads.includes(lead));
      const rows = 1 + Math.max(0, ...columns.map(({ row }) => row));
      const width = Math.max(...columns.map((cell) => cell.fromS + cell.seconds));
      return [...columns, ...stacked(below, Math.min(seconds, width)).map((cell) => ({ ...cell, row: cell.row + rows }))];
    }
  }
}

function rhythmLead(leads: readonly string[]): string {
  return leads.includes('II') ? 'II' : (leads[0] ?? '');
}

function stacked(leads: readonly string[], seconds: number): Cell[] {
  return leads.map((lead, row) => cellOf(lead, row, 0, seconds, PULSE_MM));
}

/** Column after column, each with the next part of the record. */
function inColumns(leads: readonly string[], rows: number, seconds: number, speed: number): Cell[] {
  return leads.map((lead, number) => {
    const column = Math.floor(number / rows);
    return cellOf(lead, number % rows, column * seconds, seconds, PULSE_MM + column * seconds * speed);
  });
}

function cellOf(lead: string, row: number, fromS: number, seconds: number, xMm: number): Cell {
  const inverted = lead.startsWith('-');
  return { lead: inverted ? lead.slice(1) : lead, inverted, row, fromS, seconds, xMm };
}

/** Millimetres from the top to the middle of a row. */
export function middleMm(sheet: Sheet, row: number): number {
  return MARGIN_MM + (row + 0.5) * sheet.rowMm;
}

/** The next of a row of settings; the ends stay. */
export function nextOf(all: readonly number[], one: number, by: number): number {
  return all[Math.max(0, Math.min(all.length - 1, all.indexOf(one) + by))] ?? one;
}

/** Seconds of a record as hours, minutes and seconds. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
