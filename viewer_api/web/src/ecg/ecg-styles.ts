import { css } from 'lit';

/** Tools above a tracing that fills the page. */
export const ecgPage = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    background: var(--bg);
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    padding: 4px 8px;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
    font-size: 13px;
  }
  .tools label {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    color: var(--muted);
    white-space: nowrap;
  }
  .tools select {
    width: auto;
    min-height: 28px;
    padding: 1px 4px;
  }
  .tools button {
    min-height: 28px;
    padding: 1px 8px;
  }
`;

/** Canvases on a sheet of paper, one over the other; calipers are on top. */
export const sheetStyles = css`
  .sheet {
    position: relative;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .calipers {
    cursor: crosshair;
    touch-action: none;
  }
`;

export const ecgViewStyles = css`
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    flex: 1;
    min-height: 0;
  }
  .body > :first-child {
    min-width: 0;
    min-height: 0;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    padding: 3px 8px;
    background: var(--surface);
    border-top: 1px solid var(--line);
    color: var(--muted);
    font-size: 12px;
  }
  .foot .on {
    color: var(--text);
    font-weight: 600;
  }
  .foot .warn {
    color: var(--late);
  }
  .lead {
    display: inline-flex;
    align-items: center;
    gap: 2px;
  }
  .wait {
    padding: 16px;
  }
  kbd {
    opacity: 0.75;
    font-size: 11px;
  }
  ecg-picture {
    flex: 1;
    min-height: 0;
  }
  @media (max-width: 1100px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto;
    }
  }
`;

export const ecgValuesStyles = css`
  :host {
    width: 226px;
    overflow: auto;
    scrollbar-width: thin;
    padding: 8px;
    border-left: 1px solid var(--line);
    background: var(--surface);
    font-size: 13px;
  }
  :host([wide]) {
    width: 284px;
  }
  h3 {
    margin: 8px 0 3px;
    font-size: 12px;
    color: var(--muted);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 1px 3px;
    text-align: right;
    font-weight: 400;
  }
  th:first-child {
    white-space: nowrap;
    text-align: left;
    color: var(--muted);
  }
  thead th {
    white-space: nowrap;
    font-size: 11px;
    color: var(--muted);
  }
  tbody tr:nth-child(odd) {
    background: var(--bg);
  }
  li {
    padding: 2px 0;
  }
  .rule {
    display: block;
    color: var(--muted);
    font-size: 11px;
  }
  .warning {
    margin: 0 0 6px;
    padding: 6px 8px;
    border-radius: 6px;
    background: var(--danger-soft, #fde8e7);
    color: var(--danger, #b3261e);
    font-weight: 600;
  }
  .set {
    color: var(--accent-strong);
    font-weight: 600;
  }
  .unkept {
    color: var(--soon);
  }
  .suggestion {
    display: flex;
    gap: 4px;
    align-items: start;
    justify-content: space-between;
  }
  .suggestion button {
    min-height: 24px;
    padding: 0 5px;
  }
  .sources {
    display: flex;
    gap: 4px;
    margin: 6px 0;
  }
  .sources button {
    flex: 1;
    min-height: 26px;
    padding: 0 4px;
  }
  .difference {
    font-weight: 600;
  }
  select {
    width: 100%;
    min-height: 28px;
    padding: 1px 4px;
    font-size: 12px;
  }
  .beat {
    display: block;
    width: 100%;
    min-height: 0;
    padding: 0;
    border: 0;
  }
  canvas {
    display: block;
    width: 100%;
    height: 150px;
    border: 1px solid var(--line);
    background: #fffdfb;
  }
  @media (max-width: 1100px) {
    :host {
      width: auto;
      max-height: 30vh;
      border-left: 0;
      border-top: 1px solid var(--line);
    }
  }
`;
