import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { getSeedDataList, type SeedData } from '../../../api/batches';
import { bytes, plural } from '../../../lib/format';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { Notice } from '../../../ui/Notice';
import table from '../../../ui/Table.module.css';
import styles from '../Batches.module.css';
import own from './Draft.module.css';
import { cellText } from './table';
import { useUpload } from './useUpload';

const listKey = ['seed-data-list'];

interface DataPartProps {
  seedDataId: string;
  data: SeedData | undefined;
  error: Error | null;
  onChange(seedDataId: string): void;
}

/** The rows: a file that is dropped or chosen, or one that is already there. */
export function DataPart({ seedDataId, data, error, onChange }: DataPartProps) {
  const client = useQueryClient();
  const list = useQuery({ queryKey: listKey, queryFn: ({ signal }) => getSeedDataList(signal) });
  const uploading = useUpload((made) => {
    onChange(made);
    client.invalidateQueries({ queryKey: listKey });
  });
  const known = list.data?.seedData ?? [];
  const isKnown = known.some((each) => each.seedDataId === seedDataId);
  return (
    <section className={own.part} aria-labelledby="data-part">
      <h2 id="data-part">Data</h2>
      <label className={styles.field}>
        Rows of
        <select value={seedDataId} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose a file, or drop one</option>
          {known.map((each) => (
            <option key={each.seedDataId} value={each.seedDataId}>
              {`${each.sample ? 'Sample: ' : ''}${each.name}`}
            </option>
          ))}
          {seedDataId && !isKnown && <option value={seedDataId}>{data?.name ?? seedDataId}</option>}
        </select>
      </label>
      <Drop onFile={uploading.send} />
      {uploading.progress && (
        <div className={own.upload}>
          <label>
            {`Sending ${uploading.progress.name}`}
            <progress value={uploading.progress.part} max={1} />
          </label>
          <Button icon="cancel" onClick={uploading.stop}>
            Stop
          </Button>
        </div>
      )}
      {uploading.error && (
        <p role="alert" className={styles.problem}>
          {uploading.error}
        </p>
      )}
      {error && !data && <p role="alert">{error.message}</p>}
      {data && <Facts data={data} />}
    </section>
  );
}

function Drop({ onFile }: { onFile(file: File): void }) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) onFile(file);
  };
  return (
    <label
      className={own.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Icon name="plus" />
      <span>
        Drop a file of rows, or choose one
        <small>CSV, JSON Lines or JSON; up to 200 MB</small>
      </span>
      <input
        type="file"
        className="visually-hidden"
        accept=".csv,.tsv,.jsonl,.ndjson,.json"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) onFile(file);
          target.value = '';
        }}
      />
    </label>
  );
}

const STATES = {
  waiting: 'The file has not arrived yet.',
  checking: 'Being checked…',
  ready: 'Ready.',
  refused: 'Nothing of it can be used.',
};

function Facts({ data }: { data: SeedData }) {
  const facts = [plural(data.rows, 'row'), !data.sample && bytes(data.bytes), ...data.notes];
  return (
    <>
      <p role="status" className={styles.facts}>
        {data.state === 'ready' ? facts.filter(Boolean).join(' · ') : STATES[data.state]}
      </p>
      {data.problemCount > 0 && (
        <Notice
          title={`${plural(data.problemCount, 'problem')} in the file`}
          tone={data.state === 'refused' ? 'bad' : 'calm'}
        >
          <ul className={own.seedProblems}>
            {data.problems.map(({ row, line, problem }) => (
              <li key={`${row} ${line} ${problem}`}>
                <span className={own.where}>
                  {[row != null && `row ${row}`, line != null && `line ${line}`]
                    .filter(Boolean)
                    .join(', ')}
                </span>{' '}
                {problem}
              </li>
            ))}
          </ul>
          {data.state === 'ready' && <p>These rows are left out; the others are made.</p>}
        </Notice>
      )}
      {data.preview.length > 0 && <Preview data={data} />}
    </>
  );
}

const MOST_COLUMNS = 30;

function Preview({ data: { paths, preview, rows } }: { data: SeedData }) {
  const shown = paths.slice(0, MOST_COLUMNS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
    <section className={own.preview} tabIndex={0} aria-label="The first rows">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Row</th>
            {shown.map(({ path }) => (
              <th key={path} scope="col">
                {path}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.map((row, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its number.
            <tr key={n}>
              <th scope="row">{n + 1}</th>
              {shown.map(({ path }) => (
                <td key={path} dir="auto">
                  <span>{cellText(row, path)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows > preview.length && (
        <p className={styles.hint}>{`and ${rows - preview.length} more`}</p>
      )}
    </section>
  );
}
