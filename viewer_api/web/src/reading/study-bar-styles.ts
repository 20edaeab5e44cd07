import { css } from 'lit';

export const studyBarStyles = css`
  :host {
    display: flex;
    align-items: center;
    gap: 16px;
    flex: none;
    min-height: 54px;
    padding: 4px 12px 4px 8px;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .back {
    padding: 0 10px 0 6px;
    color: var(--muted);
  }
  .who {
    display: flex;
    align-items: baseline;
    gap: 10px;
    min-width: 0;
    white-space: nowrap;
  }
  .who b {
    max-width: 220px;
    font-size: 18px;
    font-weight: 600;
  }
  .id {
    color: var(--muted);
    max-width: 140px;
  }
  .what {
    flex: 1;
    min-width: 120px;
    padding-left: 16px;
    border-left: 1px solid var(--line);
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  small {
    display: block;
    color: var(--muted);
    font-size: 12.5px;
  }
  .lease {
    font-size: 13px;
  }
  .lease span {
    white-space: nowrap;
  }
  .held,
  .lost,
  .unsure {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    color: var(--muted);
  }
  .lost {
    color: var(--danger);
    font-weight: 600;
  }
  .unsure {
    color: var(--soon);
  }
  .menu {
    position: relative;
  }
  .menu [role='menu'] {
    position: absolute;
    right: 0;
    top: calc(100% + 4px);
    z-index: 20;
    display: grid;
    min-width: 168px;
    padding: 4px;
    border: 1px solid var(--line-strong);
    border-radius: 8px;
    background: var(--raised);
    box-shadow: var(--shadow);
  }
  .menu [role='menuitem'] {
    justify-content: flex-start;
    width: 100%;
  }
`;
