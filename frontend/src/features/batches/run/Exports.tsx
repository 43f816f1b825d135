import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type Batch,
  type Export,
  type ExportRequest,
  getExports,
  makeExport,
} from '../../../api/batches';
import { bytes, moment, plural } from '../../../lib/format';
import styles from '../Batches.module.css';
import { batchKey } from '../queries';
import { ExportForm } from './ExportForm';

const EVERY_MS = 1500;
/** An address works for an hour. */
const RENEWED_MS = 30 * 60_000;

/** What a batch has, as a file: made by the server, fetched from here. */
export function Exports({ batch }: { batch: Batch }) {
  const [shown, setShown] = useState(false);
  return (
    <details
      className={styles.costs}
      onToggle={({ currentTarget }) => setShown(currentTarget.open)}
    >
      <summary>Export</summary>
      {shown && <Files batch={batch} />}
    </details>
  );
}

function Files({ batch }: { batch: Batch }) {
  const { batchId } = batch;
  const client = useQueryClient();
  const key = [...batchKey(batchId), 'exports'];
  const { data, error } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getExports(batchId, signal),
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.exports.some(({ state }) => state === 'running') ? EVERY_MS : RENEWED_MS,
  });
  const make = useMutation({
    mutationFn: (wanted: ExportRequest) => makeExport(batchId, wanted),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  });
  const problem = make.error ?? error;
  return (
    <>
      <ExportForm batch={batch} busy={make.isPending} onMake={make.mutate} />
      {problem && (
        <p role="alert" className={styles.problem}>
          {problem.message}
        </p>
      )}
      <ul aria-label="Files">
        {data?.exports.map((file) => (
          <li key={file.exportId} className={styles.actions}>
            <File file={file} />
          </li>
        ))}
      </ul>
    </>
  );
}

function File({ file }: { file: Export }) {
  const facts = [
    plural(file.rows, 'row'),
    bytes(file.bytes),
    file.lacking > 0 && `${plural(file.lacking, 'picture')} missing or damaged`,
    moment(file.createdAt),
  ];
  return (
    <>
      {file.url ? (
        <a href={file.url} download={file.name}>
          {file.name}
        </a>
      ) : (
        <span role="status">{file.state === 'running' ? 'Being made…' : file.name}</span>
      )}
      <span className={styles.facts}>{facts.filter(Boolean).join(' · ')}</span>
      {file.error && <span className={styles.problem}>{file.error}</span>}
    </>
  );
}
