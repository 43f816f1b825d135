import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { type Act, act, type Batch, deleteBatch, retryRows } from '../../../api/batches';
import { useModels } from '../../../api/queries';
import { type Action, askedAction } from '../../../lib/actions';
import { plural } from '../../../lib/format';
import { ActionButton, Button } from '../../../ui/Button';
import type { IconName } from '../../../ui/Icon';
import { showToast } from '../../../ui/toast';
import styles from '../Batches.module.css';
import { batchesKey } from '../BatchList';
import { batchKey, useBatchChange } from '../queries';
import { type Doing, offered } from './acts';
import { BudgetDialog } from './Money';

const ICONS: Record<Doing, IconName> = {
  start: 'wand',
  resume: 'wand',
  raise: 'plus',
  retry: 'retry',
  pause: 'clock',
  cancel: 'cancel',
  delete: 'minus',
};

/** What can be done with a batch as it stands, each with the truth of what it does. */
export function BatchActions({ batch }: { batch: Batch }) {
  const [raising, setRaising] = useState(false);
  const { change, busy } = useBatchChange(batch.batchId);
  const remove = useDelete(batch);
  const may = useModels().data?.limits.delete !== false;
  const run = (doing: Doing) => {
    if (doing === 'raise') setRaising(true);
    else if (doing === 'delete') remove();
    else if (doing === 'retry') change(() => retryRows(batch.batchId)).catch(() => undefined);
    else change(() => act(batch.batchId, doing as Act)).catch(() => undefined);
  };
  return (
    <div className={styles.actions}>
      {offered(batch)
        .filter(({ doing }) => doing !== 'delete' || may)
        .map(({ doing, label, ask, main }) => {
          const action: Action = { id: doing, label, group: 'Page', run: () => run(doing) };
          return ask ? (
            <Button
              key={doing}
              icon={ICONS[doing]}
              look="outline"
              onClick={() => askedAction.set({ ...action, ask })}
            >
              {label}
            </Button>
          ) : (
            <ActionButton
              key={doing}
              action={{ ...action, enabled: !busy }}
              icon={ICONS[doing]}
              look={main ? 'primary' : 'outline'}
            />
          );
        })}
      {batch.rows.running > 0 && batch.state !== 'running' && (
        <span className={styles.facts}>{plural(batch.rows.running, 'row')} under way</span>
      )}
      {raising && <BudgetDialog batch={batch} onClose={() => setRaising(false)} />}
    </div>
  );
}

function useDelete({ batchId }: Batch): () => void {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  return () =>
    deleteBatch(batchId).then(
      () => {
        navigate('/batches');
        client.removeQueries({ queryKey: batchKey(batchId) });
        client.invalidateQueries({ queryKey: batchesKey });
        showToast({ text: 'Batch deleted.' });
      },
      (error: Error) => showToast({ text: error.message }),
    );
}
