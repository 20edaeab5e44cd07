import { css } from 'lit';

export const hangingPageStyles = css`
  .page {
    display: grid;
    gap: 10px;
    max-width: 1760px;
    margin: 0 auto;
    padding: 12px 16px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 16px;
    align-items: center;
  }
  .top p {
    flex: 1 1 300px;
    color: var(--muted);
  }
  h1 {
    font-size: 18px;
  }
  .tools,
  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .acts {
    margin-left: auto;
  }
  .changed {
    color: var(--soon);
    font-size: 13px;
  }
  .left-out {
    border-color: var(--soon);
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(280px, 380px) minmax(0, 1fr);
    gap: 12px;
    align-items: start;
  }
  .list header {
    justify-content: space-between;
  }
  .card > header {
    padding: 8px 12px;
  }
  .hint,
  .none {
    padding: 6px 12px;
    color: var(--muted);
    font-size: 12.5px;
  }
  .none {
    border-bottom: 1px solid var(--line);
  }
  hang-rule-form {
    padding: 12px 14px;
  }
  .why {
    padding: 8px 14px;
    border-bottom: 1px solid var(--line);
    font-size: 13px;
  }
  @media (max-width: 900px) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
