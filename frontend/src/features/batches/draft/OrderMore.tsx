import { useId, useState } from 'react';
import type { AspectRatio } from '../../../api/types';
import styles from '../Batches.module.css';
import own from './Draft.module.css';
import { axesOf, pointsOf, RATIOS } from './order';

/** What a first batch needs no thought of. */
export function OrderMore() {
  return (
    // A field that is wrong is shown, also where this was closed again.
    <details
      className={own.more}
      onInvalidCapture={({ currentTarget }) => {
        currentTarget.open = true;
      }}
    >
      <summary>More</summary>
      <div className={own.part}>
        <div className={own.fields}>
          <Count label="Each row so many times" name="repeat" value={1} max={1000} />
          <Count label="Rows at once" name="concurrency" value={20} max={200} />
          <Count label="Stop after failures in a row" name="stopAfter" value={10} max={1_000_000} />
          <label className={styles.field}>
            Priority
            <select name="priority" defaultValue="normal">
              <option value="high">before other batches</option>
              <option value="normal">in its turn</option>
              <option value="low">after other batches</option>
            </select>
          </label>
        </div>
        <Variants />
      </div>
    </details>
  );
}

interface CountProps {
  label: string;
  name: string;
  value: number;
  max: number;
}

function Count({ label, name, value, max }: CountProps) {
  return (
    <label className={styles.field}>
      {label}
      <input type="number" name={name} required min={1} max={max} defaultValue={value} />
    </label>
  );
}

/** Values that every picture is drawn with, each with each, and what that makes of one picture. */
function Variants() {
  const [seeds, setSeeds] = useState('');
  const [guidances, setGuidances] = useState('');
  const [aspectRatios, setAspectRatios] = useState<AspectRatio[]>([]);
  const points = pointsOf(axesOf({ seeds, guidances, aspectRatios }));
  const tick = (ratio: AspectRatio, on: boolean) =>
    setAspectRatios((known) => (on ? [...known, ratio] : known.filter((each) => each !== ratio)));
  return (
    <fieldset className={own.part}>
      <legend>Every picture with each of these</legend>
      <div className={own.fields}>
        <List name="seeds" label="Seeds" such="1, 2, 3" whole value={seeds} onChange={setSeeds} />
        <List
          name="guidances"
          label="Guidance, 0 to 20"
          such="3.5, 7"
          value={guidances}
          onChange={setGuidances}
        />
      </div>
      <fieldset className={own.models}>
        <legend>Aspect ratios</legend>
        {RATIOS.map((ratio) => (
          <label key={ratio}>
            <input
              type="checkbox"
              name="aspectRatios"
              value={ratio}
              checked={aspectRatios.includes(ratio)}
              onChange={({ target }) => tick(ratio, target.checked)}
            />{' '}
            {ratio}
          </label>
        ))}
      </fieldset>
      <p className={styles.hint} role="status">
        {points > 1
          ? `Each picture is drawn and paid ${points} times, once for each combination.`
          : 'Nothing chosen: each picture is drawn once, as the template says.'}
      </p>
    </fieldset>
  );
}

interface ListProps {
  name: string;
  label: string;
  such: string;
  whole?: boolean;
  value: string;
  onChange(value: string): void;
}

function List({ name, label, such, whole = false, value, onChange }: ListProps) {
  const hint = useId();
  const number = whole ? '\\d+' : '\\d+(?:\\.\\d+)?';
  return (
    <div className={styles.field}>
      <label htmlFor={`${hint}-field`}>{label}</label>
      <input
        id={`${hint}-field`}
        name={name}
        value={value}
        inputMode="decimal"
        autoComplete="off"
        pattern={`[\\s,;]*(?:${number}[\\s,;]*)*`}
        title={`Numbers with commas between them, such as ${such}`}
        aria-describedby={hint}
        onChange={(event) => onChange(event.target.value)}
      />
      <small id={hint} className={styles.hint}>{`such as ${such}`}</small>
    </div>
  );
}
