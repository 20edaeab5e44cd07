import { css } from 'lit';

export const ruleListStyles = css`
  li {
    border-bottom: 1px solid var(--line);
  }
  li.heading {
    padding: 8px 12px 4px;
    color: var(--muted);
    font-size: 12.5px;
  }
  li.over {
    box-shadow: inset 0 2px 0 var(--accent);
  }
  li.dragged {
    opacity: 0.5;
  }
  button {
    display: flex;
    justify-content: flex-start;
    gap: 10px;
    width: 100%;
    min-height: 46px;
    padding: 5px 12px;
    border: 0;
    border-radius: 0;
    background: transparent;
    text-align: left;
    white-space: normal;
  }
  button:focus-visible {
    outline-offset: -2px;
  }
  li[draggable='true'] button {
    cursor: grab;
  }
  button[aria-current='true'] {
    background: var(--accent-soft);
  }
  .num {
    flex: none;
    min-width: 34px;
    color: var(--muted);
    text-align: right;
  }
  .name {
    display: grid;
    flex: 1;
    min-width: 0;
    gap: 2px;
  }
  b {
    font-weight: 600;
  }
  small {
    overflow: hidden;
    color: var(--muted);
    font-size: 12.5px;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .badge {
    flex: none;
    padding: 1px 6px;
    border: 1px solid var(--line-strong);
    border-radius: 9px;
    font-size: 12px;
  }
  .badge.wrong {
    border-color: var(--danger);
    color: var(--danger);
  }
  .verdict {
    display: inline-flex;
    flex: none;
    gap: 3px;
    align-items: center;
    color: var(--muted);
    font-size: 12.5px;
  }
  .verdict.hangs {
    padding: 2px 8px;
    border-radius: 9px;
    background: var(--ok-soft);
    color: var(--ok);
    font-weight: 600;
  }
`;
