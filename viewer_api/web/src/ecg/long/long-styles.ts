import { css } from 'lit';

export const stripStyles = css`
  :host {
    display: block;
    min-width: 0;
  }
`;

export const disclosureStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    min-width: 0;
    min-height: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    cursor: pointer;
  }
`;

export const beatStyles = css`
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding: 4px 0;
  }
  .kinds .num {
    color: var(--muted);
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 1px 4px;
    text-align: left;
    font-weight: 400;
  }
  th {
    color: var(--muted);
    font-size: 12px;
  }
  td.num,
  th.num {
    text-align: right;
  }
  td:first-child {
    text-align: left;
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr[aria-selected='true'] {
    background: var(--accent-soft, #d5e4ff);
  }
  .link {
    padding: 0;
    min-height: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
  }
  .ventricular {
    color: var(--danger, #c0161c);
  }
  .supraventricular {
    color: var(--accent, #0b57d0);
  }
  .turn {
    display: flex;
    justify-content: space-between;
    align-items: center;
    padding: 6px 0;
  }
`;

export const longStyles = css`
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 250px;
    flex: 1;
    min-height: 0;
  }
  .main {
    display: grid;
    grid-template-rows: auto 84px auto minmax(60px, 1fr) auto auto;
    min-width: 0;
    min-height: 0;
  }
  .caption {
    padding: 1px 8px;
    color: var(--muted);
    font-size: 12px;
    background: var(--surface);
    border-top: 1px solid var(--line);
  }
  .caption strong {
    color: var(--text);
  }
  .tendency {
    position: relative;
  }
  .tendency canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    cursor: pointer;
  }
  aside {
    overflow: auto;
    padding: 6px 8px;
    border-left: 1px solid var(--line);
    background: var(--surface);
    font-size: 13px;
  }
  .tabs {
    display: flex;
    gap: 4px;
    margin-bottom: 4px;
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
    text-align: left;
    color: var(--muted);
  }
  thead th {
    font-size: 11px;
    color: var(--muted);
  }
  tbody tr:nth-child(odd) {
    background: var(--bg);
  }
  li button {
    display: block;
    width: 100%;
    padding: 3px 4px;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-align: left;
    white-space: normal;
    cursor: pointer;
  }
  li button[aria-current='true'] {
    background: var(--accent-soft, #d5e4ff);
  }
  li i {
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-right: 4px;
    border-radius: 2px;
  }
  @media (max-width: 1000px) {
    .body {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) 32%;
    }
  }
`;
