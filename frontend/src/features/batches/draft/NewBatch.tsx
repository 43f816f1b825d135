import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { getSeedData } from '../../../api/batches';
import { Icon } from '../../../ui/Icon';
import { useStore } from '../../../ui/useStore';
import { useTitle } from '../../../ui/useTitle';
import styles from '../Batches.module.css';
import { DataPart } from './DataPart';
import own from './Draft.module.css';
import { type BatchDraft, draftStore } from './draft';
import { OrderPart } from './OrderPart';
import { Rendered } from './Rendered';
import { useSave } from './save';
import { TemplatePart } from './TemplatePart';
import { useBeginning } from './useBeginning';
import { useCheck } from './useCheck';

const CHECKING_MS = 700;

/** A batch before it is one: template, data, and what it may take. */
export default function NewBatch() {
  useTitle('New batch');
  const draft = useStore(draftStore);
  const change = (part: Partial<BatchDraft>) => draftStore.set({ ...draftStore.get(), ...part });
  const saving = useSave(draft, change);
  useBeginning();
  const { data, error } = useQuery({
    queryKey: ['seed-data', draft.seedDataId],
    enabled: draft.seedDataId !== '',
    queryFn: ({ signal }) => getSeedData(draft.seedDataId, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      ['waiting', 'checking'].includes(state.data?.state ?? '') && CHECKING_MS,
  });
  const check = useCheck(draft.definition, data);
  const [row, setRow] = useState(0);
  return (
    <>
      <Link href="/batches" className={styles.back}>
        <Icon name="arrowLeft" size={16} /> Batches
      </Link>
      <h1>New batch</h1>
      <div className={own.parts}>
        <TemplatePart draft={draft} data={data} check={check} saving={saving} onChange={change} />
        <div className={own.side}>
          <DataPart
            seedDataId={draft.seedDataId}
            data={data}
            error={error}
            onChange={(seedDataId) => change({ seedDataId })}
          />
          <Rendered check={check.data} rows={check.rows} row={row} onRow={setRow} />
        </div>
      </div>
      <OrderPart draft={draft} data={data} check={check} saving={saving} />
    </>
  );
}
