import { css } from 'lit';

export const taskTableStyles = css`
  table {
    width: 100%;
    border-collapse: collapse;
    table-layout: fixed;
  }
  th {
    position: sticky;
    top: 0;
    z-index: 1;
    padding: 8px 10px;
    border-bottom: 1px solid var(--line-strong);
    background: var(--raised);
    color: var(--muted);
    font-size: 12.5px;
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
  }
  td {
    height: 60px;
    padding: 6px 10px;
    border-bottom: 1px solid var(--line);
    overflow: hidden;
    vertical-align: middle;
  }
  tbody tr {
    cursor: pointer;
  }
  tbody tr:hover {
    background: var(--hover);
  }
  tbody tr:focus-visible {
    outline-offset: -2px;
    background: var(--hover);
  }
  tr.p0 td:first-child {
    box-shadow: inset 3px 0 0 var(--danger);
  }
  tr.p1 td:first-child {
    box-shadow: inset 3px 0 0 var(--late);
  }
  .doubt {
    margin-left: 2px;
    color: var(--late);
  }
  .image {
    width: 72px;
    padding-left: 16px;
  }
  .priority {
    width: 108px;
  }
  .patient {
    width: 12%;
  }
  .clinic {
    width: 13%;
  }
  .images {
    width: 64px;
    text-align: right;
  }
  .waiting {
    width: 108px;
    text-align: right;
    white-space: nowrap;
  }
  .due {
    width: 196px;
    padding-left: 24px;
  }
  .state {
    width: 128px;
  }
  .actions {
    width: 54px;
    padding-right: 14px;
    text-align: right;
  }
  .name {
    display: block;
    font-size: 15px;
    font-weight: 600;
  }
  .sub {
    display: block;
    color: var(--muted);
    font-size: 12.5px;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .clinic span {
    display: block;
  }
  .escalated {
    margin-left: 6px;
    color: var(--danger);
    vertical-align: -3px;
  }
`;
