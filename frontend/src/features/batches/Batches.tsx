import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { RunsInProgress } from '../../live/RunsInProgress';
import { Unreachable } from '../../live/Unreachable';
import styles from './Batches.module.css';
import { BatchList } from './BatchList';

const NewBatch = lazy(() => import('./draft/NewBatch'));
const BatchRun = lazy(() => import('./run/BatchRun'));

/** Pictures and texts made from rows of data: all batches, a new one, or one of them. */
export default function Batches() {
  return (
    <main className={styles.batches} id="stage" tabIndex={-1}>
      <Unreachable>What is shown may not be the latest. A batch goes on by itself.</Unreachable>
      <RunsInProgress />
      <Suspense>
        <Switch>
          <Route path="/batches">
            <BatchList />
          </Route>
          <Route path="/batches/new">
            <NewBatch />
          </Route>
          <Route path="/batches/:batchId">
            {({ batchId }) => <BatchRun key={batchId} batchId={batchId} />}
          </Route>
        </Switch>
      </Suspense>
    </main>
  );
}
