import { css } from 'lit';

/** The page around the grid. */
export const rosterStyles = css`
  .page {
    display: grid;
    gap: 14px;
    max-width: 1560px;
    margin: 0 auto;
    padding: 16px;
  }
  .top,
  .palette {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .top h1 {
    margin-right: 8px;
    font-size: 20px;
  }
  .fill {
    flex: 1;
  }
  .button.small {
    min-height: 28px;
    padding: 0 10px;
    font-size: 13px;
  }
  .brush {
    border-left: 5px solid var(--chip);
  }
  .brush[aria-pressed='true'] {
    background: color-mix(in srgb, var(--chip) 22%, var(--surface));
    border-color: var(--chip);
    font-weight: 600;
  }
  .brush small {
    color: var(--muted);
    font-weight: 400;
  }
  .palette .muted {
    font-size: 13px;
  }
  .card {
    overflow: hidden;
  }
  .card .notice {
    margin: 10px 16px;
  }
  .gaps {
    border-color: var(--danger);
  }
  .gaps h2 {
    color: var(--danger);
  }
  .gaps ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(320px, 1fr));
    max-height: 220px;
    overflow-y: auto;
  }
  li {
    display: flex;
    gap: 12px;
    align-items: center;
    padding: 6px 16px;
  }
`;
