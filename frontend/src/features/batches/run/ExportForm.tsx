import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { type Batch, type ExportRequest, getSeedData } from '../../../api/batches';
import { Button } from '../../../ui/Button';
import styles from '../Batches.module.css';
import own from '../draft/Draft.module.css';
import { exportOf, type Format, mayPart } from './exported';

const FORMATS: Record<Format, string> = {
  jsonl: 'JSON Lines',
  csv: 'CSV, for a spreadsheet',
  parquet: 'Parquet, for data frames',
  zip: 'Pictures in a zip, as a data set',
};

interface ExportFormProps {
  batch: Batch;
  busy: boolean;
  onMake(wanted: ExportRequest): void;
}

/** Which file is wanted: only what can be asked for together is shown. */
export function ExportForm({ batch, busy, onMake }: ExportFormProps) {
  const [format, setFormat] = useState<Format>('jsonl');
  const [pictures, setPictures] = useState('file');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!busy) onMake(exportOf(new FormData(event.currentTarget)));
  };
  return (
    <form className={own.fields} onSubmit={submit}>
      <label className={styles.field}>
        Format
        <select
          name="format"
          value={format}
          onChange={({ target }) => setFormat(target.value as Format)}
        >
          {Object.entries(FORMATS).map(([each, label]) => (
            <option key={each} value={each}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {format === 'zip' && (
        <label className={styles.field}>
          Pictures
          <select
            name="pictures"
            value={pictures}
            onChange={({ target }) => setPictures(target.value)}
          >
            <option value="file">as files</option>
            <option value="url">as addresses</option>
          </select>
        </label>
      )}
      {mayPart(format, pictures) && <Folders batch={batch} />}
      <label>
        <input type="checkbox" name="all" /> with rows that failed or wait
      </label>
      <Button type="submit" icon="download" look="outline" aria-disabled={busy}>
        Make the file
      </Button>
    </form>
  );
}

/** Into which folders it is parted, by what the rows have. */
function Folders({ batch }: { batch: Batch }) {
  const [partition, setPartition] = useState('none');
  const list = useId();
  const { seedDataId } = batch.seedData;
  // The data may have been deleted since: then a path is written without help.
  const { data } = useQuery({
    queryKey: ['seed-data', seedDataId],
    queryFn: ({ signal }) => getSeedData(seedDataId, signal),
    enabled: partition === 'field',
    retry: false,
  });
  const paths = data?.paths.map(({ path }) => path) ?? [];
  return (
    <>
      <label className={styles.field}>
        Folders
        <select
          name="partition"
          value={partition}
          onChange={({ target }) => setPartition(target.value)}
        >
          <option value="none">none, one file</option>
          <option value="date">by the day it was made</option>
          <option value="field">by a field of the rows</option>
        </select>
      </label>
      {partition === 'field' && (
        <label className={styles.field}>
          Field
          <input name="field" required maxLength={200} list={list} autoComplete="off" />
          <datalist id={list}>
            {[...paths, 'model', 'step', 'aspect_ratio'].map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
        </label>
      )}
    </>
  );
}
