import { css } from 'lit';

/** Pages of accounts: cards under one another, forms of short lines. */
export const panelStyles = css`
  .page {
    display: grid;
    gap: 16px;
    max-width: 1280px;
    margin: 0 auto;
    padding: 16px;
  }
  .page.narrow {
    max-width: 860px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 16px;
    align-items: center;
  }
  .top p {
    flex: 1;
    color: var(--muted);
  }
  .body {
    display: grid;
    gap: 12px;
    padding: 16px;
  }
  form {
    display: grid;
    gap: 12px;
    max-width: 420px;
  }
  form.line {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    max-width: none;
  }
  label {
    display: grid;
    gap: 4px;
    color: var(--muted);
    font-size: 13px;
  }
  label input,
  label select {
    color: var(--text);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .codes {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(190px, 1fr));
    gap: 6px 16px;
    padding: 12px;
    border: 1px dashed var(--line-strong);
    font-family: var(--mono, monospace);
    font-size: 15px;
  }
  .secret {
    padding: 8px 10px;
    border: 1px dashed var(--line-strong);
    font-family: var(--mono, monospace);
    overflow-wrap: anywhere;
    user-select: all;
  }
  .qr {
    width: 220px;
    height: 220px;
    background: #fff;
  }
  header h2 {
    flex: 1;
  }
  tr.off td {
    color: var(--muted);
  }
  td small.danger,
  .danger-text {
    color: var(--danger);
  }
`;
