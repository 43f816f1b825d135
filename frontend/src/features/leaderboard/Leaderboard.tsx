import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { getLeaderboard } from '../../api/client';
import type { Leaderboard as Board } from '../../api/types';
import { serverNow } from '../../lib/clock';
import { dollars, plural, seconds } from '../../lib/format';
import { RunsInProgress } from '../../live/RunsInProgress';
import { Unreachable } from '../../live/Unreachable';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import table from '../../ui/Table.module.css';
import { useSearchParam } from '../../ui/useSearchParam';
import { useTitle } from '../../ui/useTitle';
import styles from './Leaderboard.module.css';

const DAY_MS = 86_400_000;
const PERIODS = { '': 'All runs', '7': 'Runs of 7 days', '30': 'Runs of 30 days' };

/** How the models do in one's own verdicts. */
export default function Leaderboard() {
  useTitle('Leaderboard');
  const [days, setDays] = useSearchParam('days');
  const { data, error, refetch } = useQuery({
    queryKey: ['leaderboard', days],
    queryFn: ({ signal }) => getLeaderboard(since(days), signal),
    staleTime: 0,
  });
  return (
    <main className={styles.leaderboard} id="stage" tabIndex={-1}>
      <h1>Leaderboard</h1>
      <Unreachable>What is shown may not be the latest.</Unreachable>
      <RunsInProgress />
      <p className={styles.hint}>
        Open a run and press <kbd>V</kbd> on the best picture: each such verdict counts here.
      </p>
      <label>
        <span className="visually-hidden">Period</span>
        <select value={days ?? ''} onChange={(event) => setDays(event.target.value)}>
          {Object.entries(PERIODS).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {error && (
        <Notice title="The leaderboard cannot be shown" tone="bad">
          <p>{error.message}</p>
          <Button icon="retry" look="outline" onClick={() => refetch()}>
            Try again
          </Button>
        </Notice>
      )}
      {!data && !error && <Spinner size={28} />}
      {data?.votes === 0 && (
        <Notice title="No verdict yet" icon="search">
          <p>
            After the first verdicts it says which models you like best, how sure that is, and what
            they cost.
          </p>
          <Link href="/gallery">Choose a run</Link>
        </Notice>
      )}
      {data && data.votes > 0 && <Models board={data} />}
    </main>
  );
}

/** From which day on, as the server takes it. */
function since(days: string | null): Record<string, string> {
  if (!days || !(days in PERIODS)) return {};
  return { from: new Date(serverNow() - Number(days) * DAY_MS).toISOString().slice(0, 10) };
}

const COLUMNS = [
  'Rank',
  'Model',
  'Rating',
  'Likely between',
  'Comparisons',
  'Won',
  'Pictures',
  'Median',
  '95 % within',
  'A picture costs',
  'Refused',
  'Failed',
];

const whole = (value: number | null | undefined) => value?.toFixed(0) ?? '–';
const share = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(0)} %`);
const time = (value: number | null) => (value === null ? '–' : seconds(value));

function Models({ board }: { board: Board }) {
  return (
    <>
      <p className={styles.hint} role="status">
        {plural(board.votes, 'verdict')}. A model that was compared less than ten times has no rank.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
      <section className={table.scroll} tabIndex={0} aria-label="Models">
        <table className={table.table}>
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {board.models.map((row) => (
              <tr key={`${row.provider} ${row.modelId}`}>
                <td>{row.rank ?? '–'}</td>
                <th scope="row">{row.model}</th>
                <td>{whole(row.rating)}</td>
                <td>{row.interval ? row.interval.map(whole).join(' and ') : '–'}</td>
                <td>{row.votes}</td>
                <td>{share(row.winRate)}</td>
                <td>{row.pictures}</td>
                <td>{time(row.secondsP50)}</td>
                <td>{time(row.secondsP95)}</td>
                <td>{row.usdPerPicture === null ? '–' : dollars(row.usdPerPicture)}</td>
                <td>{share(row.refusedShare)}</td>
                <td>{share(row.failedShare)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
