import { useEffect, useRef } from 'react';
import type { Job, Result } from '../../api/types';
import type { Action } from '../../lib/actions';
import { serverNow } from '../../lib/clock';
import { cost, cssRatio, inShort } from '../../lib/format';
import { useConnection } from '../../live/useConnection';
import { Frame } from '../../pictures/Frame';
import { numberOf, titleOf } from '../../pictures/names';
import { ResultFacts } from '../../pictures/ResultFacts';
import { isPicture, type Picture } from '../../pictures/select';
import { useViewed } from '../../pictures/useViewed';
import { ActionButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import { Spinner } from '../../ui/Spinner';
import { useNow } from '../../ui/useNow';
import styles from './Card.module.css';
import { Elapsed } from './Elapsed';
import { isWaiting, sentence } from './faults';
import { type CardActions, isBest } from './gridActions';
import { phaseText } from './sleeping';

interface CardProps {
  job: Job;
  result: Result;
  picked: boolean;
  /** Whether keys mean this card. */
  current?: boolean;
  /** In one line, where there is no picture to come. */
  compact?: boolean;
  actions: CardActions;
  /** The focus or the mouse has come to it. */
  onMeant(): void;
}

/** One slot of a run, honest at every moment about where it is. */
export function Card({
  job,
  result,
  picked,
  current = false,
  compact = false,
  actions,
  onMeant,
}: CardProps) {
  const ratio = job.parameters.aspectRatio;
  const restoreFocus = useRestoreFocus(result.status);
  const named = namedFor(result);
  return (
    <li
      {...restoreFocus}
      tabIndex={-1}
      className={styles.card}
      data-card={result.index}
      data-status={result.status}
      data-picked={picked || undefined}
      data-current={current || undefined}
      data-compact={compact || undefined}
      onFocusCapture={onMeant}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && onMeant()}
    >
      <header className={styles.header}>
        {numberOf(result) && <span className={styles.number}>{numberOf(result)}</span>}
        <h2 className={styles.model} title={result.model}>
          {result.model}
        </h2>
        {isBest(job, result) && <span className={styles.mark}>Best</span>}
        {result.starred && (
          <span className={styles.mark} role="img" aria-label="Starred">
            ★
          </span>
        )}
        {actions.cancel.enabled && (
          <span className={styles.tools}>
            <ActionButton {...named(actions.cancel)} icon="cancel" bare data-focus />
          </span>
        )}
        {isPicture(result) && (
          <span className={styles.tools}>
            <ActionButton {...named(actions.pick)} icon={picked ? 'check' : 'compare'} bare />
            <ActionButton {...named(actions.download)} icon="download" bare data-wide />
            <Menu
              label="More"
              name={`More: ${result.model}`}
              icon="more"
              bare
              actions={[
                actions.star,
                actions.best,
                actions.seed,
                actions.copy,
                actions.share,
                actions.download,
              ]}
            />
          </span>
        )}
      </header>
      {isPicture(result) ? (
        <Done picture={result} job={job} ratio={ratio} />
      ) : compact ? (
        <Ended result={result} retry={actions.retry} className={styles.line} />
      ) : (
        <div className={styles.place} style={{ aspectRatio: cssRatio(ratio) }}>
          <State result={result} retry={actions.retry} />
        </div>
      )}
      {!compact && (
        <div className={styles.facts}>{isPicture(result) && <ResultFacts result={result} />}</div>
      )}
    </li>
  );
}

/** Of nine buttons to download, each says what. */
const namedFor =
  ({ model }: Result) =>
  (action: Action) => ({ action, 'aria-label': `${action.label}: ${model}` });

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
    <button
      type="button"
      className={styles.open}
      aria-label={`Open ${titleOf(picture)}`}
      onClick={() => open(picture.index)}
      data-focus
    >
      <Frame
        run={job}
        picture={picture}
        ratio={ratio}
        alt={`${picture.model}: ${inShort(job.prompt)}`}
      />
    </button>
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
          {offline
            ? 'Drawing when last seen'
            : `${phaseText(result)}${result.deferred ? ' · ' : ' '}`}
          {!offline && result.startedAt && <Elapsed since={result.startedAt} />}
        </span>
      </p>
    );
  }
  const failed = result.status === 'error';
  return <Ended result={result} retry={retry} className={failed ? styles.failed : styles.quiet} />;
}

function Sentence({ result }: { result: Result }) {
  const now = useNow(isWaiting(result, serverNow()));
  return sentence(result, now);
}

interface EndedProps {
  result: Result;
  retry: CardActions['retry'];
  className: string | undefined;
}

/** Why there is no picture, what that has cost, and the way to ask again. */
function Ended({ result, retry, className }: EndedProps) {
  const failed = result.status === 'error';
  return (
    <div className={className}>
      <p className={styles.reason}>
        <Icon name={failed ? 'warning' : 'cancel'} />
        {failed ? <Sentence result={result} /> : 'Cancelled'}
      </p>
      {result.provider && result.cost?.amount !== 0 && (
        <p className={styles.cost}>{cost(result.cost)}</p>
      )}
      {retry.enabled && (
        <ActionButton {...namedFor(result)(retry)} icon="retry" look="outline" data-focus />
      )}
    </div>
  );
}
