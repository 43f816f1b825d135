import { lazy, Suspense, useState } from 'react';
import type { Batch } from '../../../api/batches';
import styles from '../Batches.module.css';

const Spending = lazy(() => import('./Spending'));

/** What every step and model has come to, once somebody looks. */
export function Costs({ batch }: { batch: Batch }) {
  const [shown, setShown] = useState(false);
  return (
    <details
      className={styles.costs}
      onToggle={({ currentTarget }) => setShown(currentTarget.open)}
    >
      <summary>Costs by step and model</summary>
      <Suspense>{shown && <Spending batch={batch} />}</Suspense>
    </details>
  );
}
