import { css } from 'lit';

/** Pages of figures: a head with choices, cards with tables, which scroll within themselves on a narrow screen. */
export const pageStyles = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    max-width: 1480px;
    margin: 0 auto;
    padding: 16px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
  }
  .top h1 {
    margin-right: auto;
    font-size: 18px;
    font-weight: 600;
  }
  label {
    display: flex;
    gap: 6px;
    align-items: center;
    color: var(--muted);
    font-size: 13px;
  }
  label input,
  label select {
    color: var(--text);
  }
  .card {
    min-width: 0;
  }
  .card > header {
    flex-wrap: wrap;
  }
  .card > header h2 {
    margin-right: auto;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    padding: 7px 14px;
    border-top: 1px solid var(--line);
    text-align: left;
    white-space: nowrap;
  }
  thead th {
    border-top: 0;
    color: var(--muted);
    font-size: 12.5px;
    font-weight: 400;
  }
  tbody th {
    font-weight: 400;
  }
  .right {
    text-align: right;
  }
  .missed {
    color: var(--late);
    font-weight: 600;
  }
  small {
    color: var(--muted);
  }
  .none {
    padding: 14px 16px;
    color: var(--muted);
  }
`;
