import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  type Batch,
  type Export,
  type ExportRequest,
  getExports,
  makeExport,
} from '../../../api/batches';
import { bytes, moment, plural } from '../../../lib/format';
import { Button } from '../../../ui/Button';
import styles from '../Batches.module.css';
import { batchKey } from '../queries';

const EVERY_MS = 1500;
/** An address works for an hour. */
const RENEWED_MS = 30 * 60_000;

const FORMATS: Record<ExportRequest['format'], string> = {
  jsonl: 'JSON Lines',
  csv: 'CSV, for a spreadsheet',
  parquet: 'Parquet, for data frames',
  zip: 'Pictures in a zip, as a data set',
};

/** What a batch has, as a file: made by the server, fetched from here. */
export function Exports({ batch }: { batch: Batch }) {
  const [shown, setShown] = useState(false);
  return (
    <details
      className={styles.costs}
      onToggle={({ currentTarget }) => setShown(currentTarget.open)}
    >
      <summary>Export</summary>
      {shown && <Files batchId={batch.batchId} />}
    </details>
  );
}

function Files({ batchId }: { batchId: string }) {
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
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    if (!make.isPending)
      make.mutate({
        format: fields.get('format') as ExportRequest['format'],
        rows: fields.get('all') ? 'all' : 'done',
      });
  };
  const problem = make.error ?? error;
  return (
    <>
      <form className={styles.actions} onSubmit={submit}>
        <select name="format" aria-label="Format">
          {Object.entries(FORMATS).map(([format, label]) => (
            <option key={format} value={format}>
              {label}
            </option>
          ))}
        </select>
        <label>
          <input type="checkbox" name="all" /> with rows that failed or wait
        </label>
        <Button type="submit" icon="download" look="outline" aria-disabled={make.isPending}>
          Make the file
        </Button>
      </form>
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
