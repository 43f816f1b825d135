import { Suspense } from 'react';
import { ApiError } from '../../api/client';
import type { Model } from '../../api/types';
import { keyCaps } from '../../lib/actions';
import { countdown } from '../../lib/format';
import { useConnection } from '../../live/useConnection';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { lazyLater } from '../../ui/lazyLater';
import { type Draft, settingsOf } from './draft';
import { estimate, timesEach } from './estimate';
import styles from './GenerateBar.module.css';
import { clearSettings } from './replaceDraft';
import type { Start } from './useStart';

interface GenerateBarProps {
  start: Start;
  draft: Draft;
  chosen: Model[];
  /** Whether the installation has a daily spending limit. */
  limited: boolean;
}

const Budget = lazyLater(() => import('./Budget'));

/** What a run will cost, the button that starts it, and why it did not start. */
export function GenerateBar({ start, draft, chosen, limited }: GenerateBarProps) {
  const offline = useConnection() === 'offline';
  return (
    <div className={styles.bar}>
      {start.problem && <Problem problem={start.problem} wait={start.wait} />}
      {!start.problem && start.unanswered && <Unanswered />}
      {!start.problem && offline && (
        <div className={styles.problem} role="status">
          <Icon name="warning" />
          <p>The server cannot be reached. What you write is kept.</p>
        </div>
      )}
      <Suspense>
        {limited && (
          <Budget chosen={timesEach(chosen, draft.variants)} refusedAt={start.refusedAt} />
        )}
      </Suspense>
      <SettingsLine draft={draft} />
      <p className={styles.estimate} id="start-note">
        {chosen.length > 0 && (!start.obstacle || !draft.prompt.trim())
          ? estimate(chosen, draft.variants)
          : start.obstacle}
      </p>
      <Button
        look="primary"
        disabled={!start.action.enabled}
        title={start.obstacle ?? undefined}
        aria-describedby="start-note"
        onClick={start.action.run}
      >
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

function Unanswered() {
  return (
    <div className={styles.problem} role="status">
      <Icon name="help" />
      <p>
        The answer was lost: this run may have begun. Generate shows it, or starts it; never twice.
      </p>
    </div>
  );
}

/** What a run will be made with that is not the default, wherever the settings are folded away. */
function SettingsLine({ draft }: { draft: Draft }) {
  const settings = settingsOf(draft);
  if (settings.length === 0) return null;
  return (
    <div className={styles.settings}>
      <p title={settings.join(' · ')}>{settings.join(' · ')}</p>
      <Button icon="cancel" bare onClick={clearSettings}>
        Clear settings
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
