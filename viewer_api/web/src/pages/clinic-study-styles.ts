import { css } from 'lit';

export const clinicStudyStyles = css`
  .page {
    display: grid;
    gap: 14px;
    max-width: 1480px;
    margin: 0 auto;
    padding: 12px 16px 20px;
  }
  .back {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    justify-self: start;
  }
  .head {
    display: grid;
    gap: 16px;
    padding: 14px 16px;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 6px 14px;
  }
  h1 {
    font-size: 20px;
    font-weight: 600;
  }
  .where {
    display: grid;
    justify-items: end;
    margin-left: auto;
    font-size: 15px;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(320px, 5fr) minmax(0, 7fr);
    gap: 14px;
    align-items: start;
  }
  .report .body {
    padding: 16px;
  }
  .received {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    color: var(--ok);
  }
  .images {
    height: max(460px, calc(100dvh - 300px));
    overflow: hidden;
  }
  @media (max-width: 900px) {
    .page {
      padding: 10px;
    }
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }
    .images {
      height: 70vh;
    }
    .where {
      justify-items: start;
      margin-left: 0;
      width: 100%;
    }
  }
`;
