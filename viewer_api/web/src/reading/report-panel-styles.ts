import { css } from 'lit';

export const reportPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 10px;
    height: 100%;
    min-height: 0;
    overflow: auto;
    scroll-padding: 8px 0 128px;
    padding: 12px 16px 0;
    background: var(--surface);
    border-left: 1px solid var(--line);
  }
  header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
  }
  h2 {
    font-size: 16px;
    font-weight: 600;
  }
  .size {
    min-width: 30px;
    padding: 0 4px;
    color: var(--muted);
  }
  header .saved {
    flex: 1;
    text-align: right;
  }
  .saved {
    color: var(--muted);
    font-size: 12.5px;
    font-variant-numeric: tabular-nums;
  }
  .saved.dirty {
    color: var(--soon);
  }
  .saved.failed {
    color: var(--danger);
  }
  .notes {
    display: grid;
    gap: 8px;
  }
  .notes:empty {
    display: none;
  }
  .notes .notice {
    align-items: center;
  }
  .notes .notice > span {
    flex: 1;
  }
  .author {
    display: flex;
    align-items: center;
    gap: 10px;
    min-height: 28px;
    color: var(--muted);
    font-size: 13px;
  }
  .changed {
    color: var(--soon);
  }
  report-editor {
    flex: 1 0 auto;
  }
  footer {
    display: grid;
    position: sticky;
    z-index: 10;
    bottom: 0;
    gap: 6px;
    padding: 10px 0;
    background: var(--surface);
    border-top: 1px solid var(--line);
  }
  .main {
    display: flex;
    gap: 8px;
  }
  .main .primary {
    flex: 1;
  }
  .more {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    margin: 0 -8px;
  }
  .more button {
    color: var(--muted);
  }
  .scroll {
    display: flex;
    flex-direction: column;
    gap: 14px;
    flex: 1;
    min-height: 0;
    overflow: auto;
  }
  .quote {
    padding-left: 12px;
    border-left: 3px solid var(--line-strong);
    white-space: pre-wrap;
  }
`;
