import { useEffect } from 'react';
import { useModels } from '../../api/queries';
import type { Model } from '../../api/types';
import { serverNow } from '../../lib/clock';
import { countdown, dollars } from '../../lib/format';
import { Icon } from '../../ui/Icon';
import { useNow } from '../../ui/useNow';
import { isTooDear, reserve } from './estimate';
import styles from './GenerateBar.module.css';

interface BudgetProps {
  chosen: Model[];
  refusedAt: number;
}

/** What is left of the day's money, and what to do when it is not enough for this run. */
export default function Budget({ chosen, refusedAt }: BudgetProps) {
  const { data, dataUpdatedAt, refetch } = useModels();
  const spend = data?.limits.spend;
  useEffect(() => {
    if (refusedAt > 0) refetch();
  }, [refusedAt, refetch]);
  useEffect(() => {
    if (!spend) return;
    const timer = setTimeout(refetch, Math.max(1000, Date.parse(spend.resetsAt) - serverNow()));
    return () => clearTimeout(timer);
  }, [spend, refetch]);
  if (!data || !spend) return null;
  const short = isTooDear(chosen, spend);
  if (!short && refusedAt <= dataUpdatedAt) {
    return (
      <p className={styles.left}>
        {dollars(spend.left)} of {dollars(spend.limit)} left today
      </p>
    );
  }
  return (
    <div key={refusedAt} className={styles.problem} role={refusedAt > 0 ? 'alert' : 'status'}>
      <Icon name="warning" />
      <div>
        <p>
          {refusedAt > 0 && 'The run did not start. '}
          {`This choice of models may take ${dollars(reserve(chosen, spend.unknownPrice))}; of today’s ${dollars(spend.limit)} there is ${dollars(spend.left)} left.`}
        </p>
        <p aria-live="off">
          Choose fewer or cheaper models, or wait: the limit resets in{' '}
          <Countdown to={spend.resetsAt} />.
        </p>
      </div>
    </div>
  );
}

function Countdown({ to }: { to: string }) {
  const left = Date.parse(to) - useNow(true);
  return <span className={styles.count}>{countdown(Math.max(0, Math.ceil(left / 1000)))}</span>;
}
