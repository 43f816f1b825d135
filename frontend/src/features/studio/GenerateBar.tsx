import { lazy, Suspense } from 'react';
import { ApiError } from '../../api/client';
import type { Model } from '../../api/types';
import { keyCaps } from '../../lib/actions';
import { countdown } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { estimate } from './estimate';
import styles from './GenerateBar.module.css';
import type { Start } from './useStart';

interface GenerateBarProps {
  start: Start;
  chosen: Model[];
  /** Whether the installation has a daily spending limit. */
  limited: boolean;
}

const Budget = lazy(() => import('./Budget'));

/** What a run will cost, the button that starts it, and why it did not start. */
export function GenerateBar({ start, chosen, limited }: GenerateBarProps) {
  return (
    <div className={styles.bar}>
      {start.problem && <Problem problem={start.problem} wait={start.wait} />}
      <Suspense>{limited && <Budget chosen={chosen} refusedAt={start.refusedAt} />}</Suspense>
      <p className={styles.estimate}>{chosen.length > 0 && estimate(chosen)}</p>
      <Button type="submit" look="primary" disabled={!start.action.enabled}>
        {start.pending ? 'Starting…' : start.action.label}
        <span aria-hidden="true">
          {keyCaps(start.action.keys ?? '').map((cap) => (
            <kbd key={cap} className={styles.key}>
              {cap}
            </kbd>
          ))}
        </span>
      </Button>
    </div>
  );
}

function Problem({ problem, wait }: { problem: Error; wait: number }) {
  const details = problem instanceof ApiError ? problem.details : [];
  return (
    <div className={styles.problem} role="alert">
      <Icon name={wait > 0 ? 'clock' : 'warning'} />
      <div>
        <p>{problem.message}</p>
        {details.map(({ field, problem: what }) => (
          <p key={field}>
            {field}: {what}
          </p>
        ))}
        {wait > 0 && <p aria-live="off">{`You can generate again in ${countdown(wait)}.`}</p>}
      </div>
    </div>
  );
}
