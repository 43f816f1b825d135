import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client';
import { isHidden } from '../../api/named';
import { useRetention } from '../../api/queries';
import type { Job, Result } from '../../api/types';
import { isOpen } from '../../live/merge';
import { lastRunStore } from '../../live/openRuns';
import { Unreachable } from '../../live/Unreachable';
import { useRun } from '../../live/useRun';
import { PictureGrid } from '../../pictures/grid/PictureGrid';
import { LightboxFromUrl } from '../../pictures/LightboxFromUrl';
import { isPicture } from '../../pictures/select';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { Announcer } from './Announcer';
import { Blind } from './Blind';
import { Card } from './Card';
import { useGridActions } from './gridActions';
import { noteSeconds } from './modelSets';
import { OrderChoice, useOrder } from './OrderChoice';
import { arranged, isWithout } from './order';
import styles from './Run.module.css';
import { RunHeader } from './RunHeader';
import { useBeginning } from './useBeginning';
import { usePicks } from './usePicks';
import { useProgressBadge } from './useProgressBadge';
import { useSettledBudget } from './useSettledBudget';

/** A run by its id: from the first pending card to the last picture, and any time later. */
export default function Run({ jobId }: { jobId: string }) {
  const { data, error, failureCount } = useRun(jobId);
  if (data) return <LoadedRun job={data} />;
  if (error instanceof ApiError && error.status === 404) return <UnknownRun />;
  if (error || failureCount > 0) {
    return (
      <Notice title="The server does not answer" tone="bad">
        <p>{error?.message ?? 'This run is shown as soon as it does.'}</p>
      </Notice>
    );
  }
  return (
    <p className={styles.loading}>
      <Spinner size={32} />
      <span className="visually-hidden">Loading the run</span>
    </p>
  );
}

function UnknownRun() {
  const kept = useRetention();
  return (
    <Notice title="There is no such run" icon="search">
      <p>
        {kept
          ? `Its address may be mistyped, or it is older than ${kept} and has expired.`
          : 'Its address may be mistyped, or it has expired.'}
      </p>
    </Notice>
  );
}

/** Each run that one has watched tells how long its models take. */
function useLearnedSeconds(job: Job): void {
  const open = isOpen(job);
  const wasOpen = useRef(open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the run ends.
  useEffect(() => {
    if (wasOpen.current && !open) noteSeconds(job);
    wasOpen.current = open;
  }, [open]);
}

/** What a card is, before the verdict of a blind run and after it. */
const cardOf = ({ letter, resultId, index }: Result) => letter ?? resultId ?? String(index);

/** Slots are others before and after a verdict: what was picked by them is picked no more. */
function useCleared(hidden: boolean, clear: () => void): void {
  const wasHidden = useRef(hidden);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when everything is revealed.
  useEffect(() => {
    if (wasHidden.current && !hidden) clear();
    wasHidden.current = hidden;
  }, [hidden]);
}

function LoadedRun({ job }: { job: Job }) {
  const picks = usePicks();
  const [order] = useOrder();
  // While one watches, everything stays where it is.
  const [watched] = useState(isOpen(job));
  const tidy = !watched || order !== 'slot';
  const results = arranged(job.results, order, tidy);
  const [meant, setMeant] = useState(job.results[0] && cardOf(job.results[0]));
  const current = job.results.find((result) => cardOf(result) === meant)?.index ?? 0;
  const actions = useGridActions({ job, picks, current });
  useCleared(isHidden(job), picks.clear);
  const lines = tidy ? results.filter(isWithout).length : 0;
  useProgressBadge(job);
  useBeginning(job);
  useEffect(() => lastRunStore.set(job.jobId), [job.jobId]);
  useSettledBudget(isOpen(job));
  useLearnedSeconds(job);
  return (
    <>
      <RunHeader job={job} picks={picks} />
      <Announcer job={job} />
      <Unreachable>
        {isOpen(job)
          ? 'The models go on drawing. What has come since is shown as soon as the server answers.'
          : 'What is shown here stays; pictures that are not loaded yet follow later.'}
      </Unreachable>
      {job.blind && <Blind job={job} />}
      {job.status === 'failed' && !isHidden(job) && (
        <Notice title="No model could draw this" tone="bad">
          <p>Each card says why. Often another wording helps, or other models.</p>
        </Notice>
      )}
      <PictureGrid
        count={results.length - lines}
        shape={job.parameters.aspectRatio}
        tools={<OrderChoice />}
      >
        {results.map((result) => (
          <Card
            key={cardOf(result)}
            job={job}
            result={result}
            picked={picks.slots.includes(result.index)}
            current={result.index === current}
            compact={tidy && isWithout(result)}
            actions={actions(result)}
            onMeant={() => setMeant(cardOf(result))}
          />
        ))}
      </PictureGrid>
      <LightboxFromUrl
        run={job}
        studio={`/run/${job.jobId}`}
        pictures={results.filter(isPicture)}
      />
    </>
  );
}
