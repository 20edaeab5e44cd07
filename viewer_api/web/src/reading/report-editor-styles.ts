import { css } from 'lit';

export const reportEditorStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    gap: 12px;
    min-height: max-content;
  }
  .label {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    color: var(--muted);
    font-size: 13px;
    font-weight: 500;
  }
  .text {
    display: flex;
    flex-direction: column;
    gap: 4px;
    min-height: 0;
  }
  .findings {
    flex: 1.7;
    min-height: 120px;
  }
  .impression {
    flex: 1;
    min-height: 92px;
  }
  report-text {
    flex: 1;
  }
  .result {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  .choice {
    position: relative;
    display: inline-flex;
  }
  .choice input {
    position: absolute;
    inset: 0;
    width: 100%;
    min-height: 0;
    height: 100%;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .choice span {
    min-width: 64px;
    padding: 4px 14px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    text-align: center;
  }
  .choice input:hover + span {
    background: var(--hover);
  }
  .choice input:focus-visible + span {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .choice input[aria-invalid='true'] + span {
    border-color: var(--danger);
  }
  .choice.no input:checked + span {
    border-color: var(--ok);
    background: var(--ok-soft);
    color: var(--ok);
    font-weight: 600;
  }
  .choice.yes input:checked + span {
    border-color: var(--late);
    background: var(--late-soft);
    color: var(--late);
    font-weight: 600;
  }
  .critical {
    display: grid;
    gap: 6px;
  }
  .critical.on {
    padding: 8px 10px 10px;
    border: 1px solid var(--danger);
    border-radius: var(--radius);
    background: var(--danger-soft);
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    cursor: pointer;
  }
  .check input {
    width: 16px;
    height: 16px;
    min-height: 0;
    margin: 0;
    accent-color: var(--danger);
  }
  .critical.on .check span {
    color: var(--danger);
    font-weight: 600;
  }
  small {
    color: var(--muted);
  }
`;
