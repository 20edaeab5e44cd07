import { css } from 'lit';

export const hangMenuStyles = css`
  button.face {
    gap: 5px;
    width: auto;
    max-width: 190px;
    min-height: 30px;
    padding: 0 5px;
    color: var(--text);
    font-size: 13px;
  }
  .choices {
    left: auto;
    right: 0;
    width: 330px;
    max-height: min(70vh, 620px);
    overflow: auto;
    gap: 2px;
    color: var(--text);
    font-size: 13px;
  }
  .choices [role='menu'] {
    display: grid;
  }
  .choices button,
  .choices a {
    display: flex;
    justify-content: flex-start;
    gap: 10px;
    min-height: 30px;
    padding: 0 8px;
    border-color: transparent;
    background: transparent;
    color: var(--text);
    font-size: 13px;
  }
  .choices a:hover {
    background: var(--hover);
  }
  .choices button[aria-checked='true'] {
    background: var(--accent-soft);
    color: var(--accent-strong);
  }
  .choices small {
    color: var(--muted);
    font-size: 12px;
  }
  .choices button.other {
    color: var(--muted);
  }
  .why {
    padding: 8px 10px 10px;
    border-bottom: 1px solid var(--line);
    line-height: 1.5;
  }
  h3 {
    padding: 8px 8px 2px;
    color: var(--muted);
    font-size: 12px;
    font-weight: 500;
  }
  hr {
    width: 100%;
    margin: 4px 0;
    border: 0;
    border-top: 1px solid var(--line);
  }
`;
