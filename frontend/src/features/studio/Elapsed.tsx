import { seconds } from '../../lib/format';
import { useNow } from '../../ui/useNow';

interface ElapsedProps {
  since: string;
  until?: string | null | undefined;
}

/** A clock that runs while something is being drawn, by the server's time. */
export function Elapsed({ since, until }: ElapsedProps) {
  const now = useNow(!until);
  const end = until ? Date.parse(until) : now;
  return <span>{seconds(Math.max(0, end - Date.parse(since)) / 1000)}</span>;
}
