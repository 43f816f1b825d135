import { useEffect, useRef, useState } from 'react';
import type { Job } from '../../api/types';
import { isOpen } from '../../live/merge';

const QUIET_MS = 5000;

/** Tells screen readers how far the run is: at once when it ends, else at most every 5 s. */
export function Announcer({ job }: { job: Job }) {
  const [said, setSaid] = useState('');
  const last = useRef(0);
  const text = summary(job);
  const open = isOpen(job);
  useEffect(() => {
    const wait = open ? Math.max(0, last.current + QUIET_MS - Date.now()) : 0;
    const timer = setTimeout(() => {
      last.current = Date.now();
      setSaid(text);
    }, wait);
    return () => clearTimeout(timer);
  }, [text, open]);
  return (
    <p className="visually-hidden" role="status">
      {said}
    </p>
  );
}

function summary(job: Job): string {
  const done = `${job.completedModels} of ${job.totalModels} pictures are here`;
  const failed = job.failedModels > 0 ? `, ${job.failedModels} failed` : '';
  return `${isOpen(job) ? '' : 'Run ended: '}${done}${failed}.`;
}
