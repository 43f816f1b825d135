import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Batch, getBatches } from '../../api/batches';
import { moment, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { useTitle } from '../../ui/useTitle';
import styles from './Batches.module.css';
import { RowsBar } from './RowsBar';
import { mayMove, money, STATES } from './words';

const EVERY_MS = 5000;

export const batchesKey = ['batches'];

/** All batches, newest first. */
export function BatchList() {
  useTitle('Batches');
  const pages = useInfiniteQuery({
    queryKey: batchesKey,
    queryFn: ({ pageParam, signal }) => getBatches(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ batches }) => batches.some(mayMove)) && EVERY_MS,
  });
  const batches = pages.data?.pages.flatMap((page) => page.batches) ?? [];
  return (
    <>
      <div className={styles.head}>
        <h1>Batches</h1>
        <Link href="/batches/new" className={styles.primary}>
          <Icon name="plus" /> New batch
        </Link>
      </div>
      {pages.error && batches.length === 0 && (
        <Notice title="The batches cannot be shown" tone="bad">
          <p>{pages.error.message}</p>
          <Button icon="retry" look="outline" onClick={() => pages.refetch()}>
            Try again
          </Button>
        </Notice>
      )}
      {pages.isSuccess && batches.length === 0 && <Empty />}
      <ul className={styles.list}>
        {batches.map((batch) => (
          <Entry key={batch.batchId} batch={batch} />
        ))}
      </ul>
      {pages.isPending && !pages.error && <Spinner size={28} />}
      {pages.hasNextPage && (
        <Button look="outline" disabled={pages.isFetching} onClick={() => pages.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function Empty() {
  return (
    <Notice title="Nothing here yet" icon="pixels">
      <p>
        A batch makes pictures and texts from rows of data by a template, within a budget that it
        never goes over. It can be paused at any moment, and nothing is paid twice.
      </p>
      <Link href="/batches/new">Make the first one</Link>
    </Notice>
  );
}

function Entry({ batch }: { batch: Batch }) {
  const { name, rows, budget, createdAt, pictures } = batch;
  const facts = [
    `${rows.done} of ${plural(rows.total, 'row')}`,
    pictures > 0 && plural(pictures, 'picture'),
    `${money(budget.spent)} of ${money(budget.limit)}`,
    moment(createdAt),
  ];
  return (
    <li>
      <Link href={`/batches/${batch.batchId}`} className={styles.entry}>
        <span className={styles.name}>
          <strong dir="auto">{name}</strong>
          <span className={styles.state} data-state={batch.state}>
            {STATES[batch.state].name}
          </span>
        </span>
        <RowsBar rows={rows} />
        <span className={styles.facts}>{facts.filter(Boolean).join(' · ')}</span>
      </Link>
    </li>
  );
}
