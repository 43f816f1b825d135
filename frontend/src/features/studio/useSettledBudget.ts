import { useEffect } from 'react';
import { useModels } from '../../api/queries';

/** The server settles a run's real cost just after it has told of its end. */
const SETTLING_MS = 1500;

/** Learns what is left of the day's money when a run has begun, and again when it has ended. */
export function useSettledBudget(open: boolean): void {
  const { data, refetch } = useModels();
  const limited = data?.limits.spend != null;
  useEffect(() => {
    if (!limited) return;
    const timer = setTimeout(refetch, open ? 0 : SETTLING_MS);
    return () => clearTimeout(timer);
  }, [limited, open, refetch]);
}
