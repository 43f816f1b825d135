import type { Batch } from '../../../api/batches';
import { plural } from '../../../lib/format';

export type Doing = 'start' | 'pause' | 'resume' | 'cancel' | 'raise' | 'retry' | 'delete';

export interface Offer {
  doing: Doing;
  label: string;
  /** What it does, asked before it is done; where there is nothing to lose it is not asked. */
  ask?: string;
  /** The one to go on with. */
  main?: boolean;
}

const RESTING = ['paused', 'pilot_done', 'stopped', 'out_of_budget'];
const OVER = ['completed', 'completed_with_failures', 'cancelled'];

/** What can be done with a batch in its state. */
export function offered({ state, rows }: Batch): Offer[] {
  const offers: Offer[] = [];
  const under =
    rows.running > 0 ? ` ${plural(rows.running, 'row')} under way still end, and are paid.` : '';
  if (state === 'planned') offers.push({ doing: 'start', label: 'Start', main: true });
  if (state === 'out_of_budget')
    offers.push({ doing: 'raise', label: 'Raise the budget', main: true });
  else if (RESTING.includes(state) || state === 'pausing')
    offers.push({
      doing: 'resume',
      label: state === 'pilot_done' ? 'Go on with all rows' : 'Resume',
      main: true,
    });
  if (state === 'running' || state === 'queued') offers.push({ doing: 'pause', label: 'Pause' });
  if (rows.failed > 0 && !['planned', 'cancelling', 'cancelled'].includes(state))
    offers.push({
      doing: 'retry',
      label: 'Make failed rows again',
      ask: `${plural(rows.failed, 'row')} failed, of which up to a thousand are made again. What they have stays and is not paid again; what failed is asked for and paid anew.`,
    });
  if (!OVER.includes(state) && state !== 'cancelling' && state !== 'planned')
    offers.push({
      doing: 'cancel',
      label: 'Cancel the batch',
      ask: `No more rows begin, ever.${under} What was made stays.`,
    });
  if ((OVER.includes(state) || RESTING.includes(state) || state === 'planned') && !rows.running)
    offers.push({
      doing: 'delete',
      label: 'Delete the batch',
      ask: 'The batch and all that it made are gone for good.',
    });
  return offers;
}
