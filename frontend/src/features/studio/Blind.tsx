import { useState } from 'react';
import { isHidden } from '../../api/named';
import { useVerdict } from '../../api/results';
import type { Job } from '../../api/types';
import type { Action } from '../../lib/actions';
import { isOpen } from '../../live/merge';
import { ActionButton } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { showToast } from '../../ui/toast';
import { useActions } from '../../ui/useActions';

/** What a blind run asks for, and what it then says: who drew which picture. */
export function Blind({ job }: { job: Job }) {
  const verdict = useVerdict(job.jobId);
  const hidden = isHidden(job);
  const none: Action = {
    id: 'none-best',
    label: 'None is good',
    group: 'Run',
    enabled: hidden && !isOpen(job) && !verdict.isPending,
    run: () =>
      verdict.mutate(
        { winner: null, tags: [] },
        { onError: (error) => showToast({ text: error.message }) },
      ),
  };
  useActions([none]);
  // Once revealed it stays where it was, so that nothing beneath moves.
  const [watched] = useState(hidden);
  if (!watched) return null;
  return (
    <Notice title={hidden ? 'Everything is revealed after your verdict' : 'Revealed'} icon="help">
      <p role="status">
        {!hidden
          ? `${drawers(job)}.`
          : isOpen(job)
            ? 'The pictures come together, once all of them are there.'
            : 'Which is the best? Go to it and press V, or choose it in its menu.'}
      </p>
      {none.enabled && <ActionButton action={none} look="outline" />}
    </Notice>
  );
}

const drawers = ({ results }: Job): string =>
  results
    .toSorted((one, other) => (one.letter ?? '').localeCompare(other.letter ?? ''))
    .map(({ letter, model }) => `${letter} is ${model}`)
    .join(', ');
