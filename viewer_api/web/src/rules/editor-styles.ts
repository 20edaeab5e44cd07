import { css } from 'lit';

export const editorStyles = css`
  :host {
    display: grid;
    gap: 16px;
    min-width: 0;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
  }
  th {
    padding: 6px 10px;
    color: var(--muted);
    font-size: 12.5px;
    font-weight: 500;
    text-align: left;
    white-space: nowrap;
  }
  td {
    padding: 4px 10px;
    border-top: 1px solid var(--line);
    white-space: nowrap;
  }
  td input {
    width: 68px;
    text-align: right;
    appearance: textfield;
  }
  td input::-webkit-inner-spin-button {
    display: none;
  }
  th[scope='row'] {
    border-top: 1px solid var(--line);
    color: var(--text);
    font-size: 14px;
  }
  th[scope='row'].inside {
    padding-left: 26px;
    color: var(--muted);
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 18px;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    padding: 0 0 6px;
    font-weight: 600;
  }
  label.field {
    display: grid;
    gap: 4px;
    color: var(--muted);
    font-size: 13px;
  }
  label.field input {
    width: 96px;
    color: var(--text);
  }
  label.field input.wide {
    width: 280px;
  }
  label.field input[type='date'] {
    width: 150px;
  }
  label.check {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  label.check input {
    min-height: 0;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .days {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .day {
    display: inline-flex;
    gap: 4px;
    align-items: center;
    padding: 2px 4px 2px 10px;
    border: 1px solid var(--line);
    border-radius: 14px;
    font-variant-numeric: tabular-nums;
  }
  .day button {
    min-height: 22px;
    padding: 0 6px;
  }
  h3 {
    font-size: 14px;
    font-weight: 600;
  }
`;
