import { Suspense } from 'react';
import { lazyLater } from '../ui/lazyLater';
import { useStore } from '../ui/useStore';
import { openRunsStore } from './openRuns';

const OpenRuns = lazyLater(() => import('./OpenRuns'));

/** The ways to the runs in progress; their code is fetched when there are any. */
export function RunsInProgress({ except }: { except?: string | undefined }) {
  const any = useStore(openRunsStore).some(({ jobId }) => jobId !== except);
  return <Suspense>{any && <OpenRuns except={except} />}</Suspense>;
}
