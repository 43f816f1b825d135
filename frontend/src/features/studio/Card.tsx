import { useEffect, useRef } from 'react';
import type { Job, Result } from '../../api/types';
import { cost, cssRatio, frameNumber } from '../../lib/format';
import { useConnection } from '../../live/useConnection';
import { Frame } from '../../pictures/Frame';
import { ResultFacts } from '../../pictures/ResultFacts';
import { isPicture, type Picture } from '../../pictures/select';
import { useViewed } from '../../pictures/useViewed';
import { ActionButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Spinner } from '../../ui/Spinner';
import styles from './Card.module.css';
import { Elapsed } from './Elapsed';
import { advice } from './faults';
import type { CardActions } from './gridActions';
import { phaseText } from './sleeping';

interface CardProps {
  job: Job;
  result: Result;
  picked: boolean;
  actions: CardActions;
  onFocus(): void;
}

/** One slot of a run, honest at every moment about where it is. */
export function Card({ job, result, picked, actions, onFocus }: CardProps) {
  const ratio = job.parameters.aspectRatio;
  const restoreFocus = useRestoreFocus(result.status);
  return (
    <li
      {...restoreFocus}
      tabIndex={-1}
      className={styles.card}
      data-card={result.index}
      data-status={result.status}
      data-picked={picked || undefined}
      onFocusCapture={onFocus}
    >
      <header className={styles.header}>
        <span className={styles.number}>{frameNumber(result.index)}</span>
        <h2 className={styles.model} title={result.model}>
          {result.model}
        </h2>
        {actions.cancel.enabled && (
          <span className={styles.tools}>
            <ActionButton action={actions.cancel} icon="cancel" bare data-focus />
          </span>
        )}
        {isPicture(result) && (
          <span className={styles.tools}>
            <ActionButton action={actions.pick} icon={picked ? 'check' : 'plus'} bare />
            <ActionButton action={actions.download} icon="download" bare />
          </span>
        )}
      </header>
      {isPicture(result) ? (
        <Done picture={result} job={job} ratio={ratio} />
      ) : (
        <div className={styles.place} style={{ aspectRatio: cssRatio(ratio) }}>
          <State result={result} retry={actions.retry} />
        </div>
      )}
    </li>
  );
}

/** The focus stays with a card when the button that had it goes away with the card's state. */
function useRestoreFocus(status: Result['status']) {
  const card = useRef<HTMLLIElement>(null);
  const held = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new status may have removed it.
  useEffect(() => {
    if (held.current && document.activeElement === document.body) card.current?.focus();
  }, [status]);
  const hold = (holds: boolean) => () => {
    held.current = holds;
  };
  return { ref: card, onFocus: hold(true), onBlur: hold(false) };
}

function Done({ picture, job, ratio }: { picture: Picture; job: Job; ratio: unknown }) {
  const { open } = useViewed();
  return (
    <>
      <button type="button" className={styles.open} onClick={() => open(picture.index)} data-focus>
        <Frame run={job} picture={picture} ratio={ratio} alt={`${picture.model}: ${job.prompt}`} />
      </button>
      <ResultFacts result={picture} />
    </>
  );
}

function State({ result, retry }: { result: Result; retry: CardActions['retry'] }) {
  const offline = useConnection() === 'offline';
  if (result.status === 'pending') return <p className={styles.quiet}>Waiting</p>;
  if (result.status === 'in_progress') {
    return (
      <p className={styles.drawing}>
        <Spinner size={40} />
        <span>
          {offline ? 'Drawing when last seen' : `${phaseText(result)} `}
          {!offline && result.startedAt && <Elapsed since={result.startedAt} />}
        </span>
      </p>
    );
  }
  const failed = result.status === 'error';
  return (
    <div className={failed ? styles.failed : styles.quiet}>
      <p className={styles.reason}>
        <Icon name={failed ? 'warning' : 'cancel'} />
        {failed ? result.error : 'Cancelled'}
      </p>
      {failed && <p className={styles.advice}>{advice(result)}</p>}
      {result.cost?.amount !== 0 && <p className={styles.cost}>{cost(result.cost)}</p>}
      {retry.enabled && <ActionButton action={retry} icon="retry" look="outline" data-focus />}
    </div>
  );
}
