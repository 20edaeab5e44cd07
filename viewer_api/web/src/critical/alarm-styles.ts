import { css } from 'lit';

export const alarmStyles = css`
  :host {
    flex: none;
  }
  .banner {
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 16px;
    font-weight: 600;
  }
  .banner span {
    flex: 1;
  }
  .banner.late {
    background: #b3261e;
    color: #fff;
  }
  .banner.soon {
    background: var(--soon-soft);
    color: var(--text);
    border-bottom: 1px solid var(--soon);
  }
  dialog {
    width: min(560px, calc(100vw - 16px));
    max-height: calc(100dvh - 16px);
    padding: 0;
    overflow: auto;
    border: 3px solid #b3261e;
    border-radius: 10px;
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(90 10 6 / 62%);
  }
  form {
    display: grid;
    gap: 12px;
    padding: 0 20px 18px;
  }
  h2 {
    display: flex;
    gap: 10px;
    align-items: center;
    margin: 0 -20px;
    padding: 12px 20px;
    background: #b3261e;
    color: #fff;
    font-size: 18px;
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: baseline;
    font-size: 16px;
  }
  .finding {
    padding: 10px 14px;
    border-left: 4px solid #b3261e;
    background: var(--danger-soft);
    font-size: 18px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  label {
    display: grid;
    gap: 4px;
  }
  label > span {
    color: var(--muted);
    font-size: 13px;
  }
  textarea {
    min-height: 76px;
  }
  input,
  textarea {
    width: 100%;
    font-size: 16px;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: flex-end;
  }
  footer .quiet {
    margin-right: auto;
  }
  @media (max-width: 520px) {
    footer button {
      flex: 1 1 100%;
      min-height: 44px;
      order: 1;
    }
    footer .primary {
      order: 0;
    }
  }
  @media print {
    :host {
      display: none;
    }
  }
`;
