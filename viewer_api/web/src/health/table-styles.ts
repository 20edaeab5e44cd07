import { css } from 'lit';

export const tableStyles = css`
  :host {
    display: grid;
    gap: 16px;
    min-width: 0;
  }
  /* A page is centred by its margins, and those would shrink it in this grid to what it holds. */
  .page {
    width: 100%;
  }
  .card {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 6px 16px;
    color: var(--muted);
    font-size: 12.5px;
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
  }
  td {
    padding: 8px 16px;
    border-top: 1px solid var(--line);
    vertical-align: top;
  }
  td small {
    display: block;
    color: var(--muted);
    overflow-wrap: anywhere;
  }
  .right {
    text-align: right;
    white-space: nowrap;
  }
  .none,
  .lead {
    padding: 12px 16px;
    color: var(--muted);
  }
`;
