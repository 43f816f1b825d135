import { Link } from 'wouter';
import type { Batch } from '../../../api/batches';
import { ApiError } from '../../../api/client';
import { moment } from '../../../lib/format';
import { Icon } from '../../../ui/Icon';
import { Notice } from '../../../ui/Notice';
import { Spinner } from '../../../ui/Spinner';
import { useTitle } from '../../../ui/useTitle';
import styles from '../Batches.module.css';
import { useBatch } from '../queries';
import { RowsBar } from '../RowsBar';
import { large, pace, planSentences, STATES } from '../words';
import { BatchActions } from './BatchActions';
import { Costs } from './Costs';
import { Exports } from './Exports';
import { Matrix } from './Matrix';
import { Money } from './Money';

/** One batch: how it stands, what it costs, what it makes, and what can be done about it. */
export default function BatchRun({ batchId }: { batchId: string }) {
  const { data, error } = useBatch(batchId);
  return (
    <>
      <Link href="/batches" className={styles.back}>
        <Icon name="arrowLeft" size={16} /> Batches
      </Link>
      {!data && <h1>Batch</h1>}
      {error && !data && <Missing error={error} />}
      {!data && !error && <Spinner size={32} />}
      {data && <Loaded batch={data} />}
    </>
  );
}

function Missing({ error }: { error: Error }) {
  const gone = error instanceof ApiError && error.status === 404;
  return (
    <Notice
      title={gone ? 'There is no such batch' : 'The batch cannot be shown'}
      tone={gone ? 'calm' : 'bad'}
    >
      <p>{gone ? 'It may have been deleted, or be somebody else’s.' : error.message}</p>
    </Notice>
  );
}

function Loaded({ batch }: { batch: Batch }) {
  useTitle(batch.name);
  const state = STATES[batch.state];
  return (
    <>
      <div className={styles.head}>
        <h1 dir="auto">{batch.name}</h1>
        <span className={styles.state} data-state={batch.state} role="status">
          {state.name}
        </span>
      </div>
      <p className={styles.facts}>
        {moment(batch.createdAt)} · <Link href={likeIt(batch)}>Another like it</Link>
      </p>
      <p className={styles.sentence}>{state.sentence}</p>
      <BatchActions batch={batch} />
      <Problems problems={batch.problems} />
      <div className={styles.panels}>
        {batch.state === 'planned' ? <Plan batch={batch} /> : <Progress batch={batch} />}
        <Money batch={batch} />
      </div>
      {batch.state !== 'planned' && <Costs batch={batch} />}
      {batch.state !== 'planned' && <Exports batch={batch} />}
      <Matrix batch={batch} />
    </>
  );
}

/** Where a new batch begins with what this one was made of. */
function likeIt({ template, seedData }: Batch): string {
  const { templateId, version } = template;
  const data = seedData.seedDataId;
  return `/batches/new?${new URLSearchParams({ template: templateId, version: String(version), data })}`;
}

function Plan({ batch }: { batch: Batch }) {
  return (
    <section className={`${styles.panel} ${styles.plan}`} aria-label="Plan">
      {planSentences(batch).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </section>
  );
}

const COUNTS = ['done', 'failed', 'running', 'waiting', 'skipped'] as const;

function Progress({ batch }: { batch: Batch }) {
  const { rows, pictures, tokens } = batch;
  return (
    <section className={styles.panel} aria-label="Progress">
      <h2>
        {large(rows.done)} of {large(rows.total)} {rows.total === 1 ? 'row' : 'rows'}
      </h2>
      <RowsBar rows={rows} />
      <dl className={styles.numbers}>
        {COUNTS.filter((name) => rows[name] > 0 || name === 'done').map((name) => (
          <div key={name} data-part={name}>
            <dt>{name}</dt>
            <dd>{large(rows[name])}</dd>
          </div>
        ))}
        <div>
          <dt>pictures</dt>
          <dd>{large(pictures)}</dd>
        </div>
        <div>
          <dt>tokens in, out</dt>
          <dd>
            {large(tokens.input)} · {large(tokens.output)}
          </dd>
        </div>
      </dl>
      {/* A line of its own also while nobody knows, so that nothing moves when somebody does. */}
      <p className={styles.facts}>{pace(batch) || '\u00a0'}</p>
    </section>
  );
}

function Problems({ problems }: Pick<Batch, 'problems'>) {
  if (problems.length === 0) return null;
  return (
    <Notice title="What went wrong" tone="bad">
      <ul>
        {problems.map(({ code, count, sentence }) => (
          <li key={code + sentence}>
            {count > 1 && <strong>{count}× </strong>}
            {sentence}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
