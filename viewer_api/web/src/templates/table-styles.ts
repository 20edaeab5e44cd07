import { css } from 'lit';

export const pageTable = css`
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    padding: 12px 16px;
  }
  .tools input[type='search'] {
    flex: 1;
    max-width: 360px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    padding: 6px 12px;
    color: var(--muted);
    font-size: 13px;
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
  }
  td {
    padding: 6px 12px;
    border-top: 1px solid var(--line);
    vertical-align: top;
  }
  .acts {
    text-align: right;
    white-space: nowrap;
  }
  code {
    font: 13px var(--mono);
  }
`;
