import { useId } from 'react';
import { Button } from '../../ui/Button';
import styles from './Settings.module.css';

interface RangeSettingProps {
  label: string;
  range: { min: number; max: number; default: number; step: number };
  value: number | undefined;
  note: string;
  /** Nobody takes it: it is named, and cannot be set. */
  quiet?: boolean;
  onChange(value?: number): void;
}

/** A number within its range; untouched, it is left to each model. */
export function RangeSetting({
  label,
  range,
  value,
  note,
  quiet = false,
  onChange,
}: RangeSettingProps) {
  const id = useId();
  if (quiet && value === undefined) {
    return (
      <p className={styles.quiet}>
        {label}: <small>{note}</small>
      </p>
    );
  }
  return (
    <div className={styles.setting}>
      <div className={styles.rangeHead}>
        <label htmlFor={id}>{label}</label>
        {value === undefined ? (
          <span>model's own</span>
        ) : (
          <>
            <output htmlFor={id}>{value}</output>
            <Button icon="cancel" bare onClick={() => onChange(undefined)}>
              {`Leave ${label.toLowerCase()} to the model`}
            </Button>
          </>
        )}
      </div>
      <input
        id={id}
        type="range"
        min={range.min}
        max={range.max}
        step={range.step}
        value={value ?? range.default}
        aria-valuetext={value === undefined ? "model's own" : String(value)}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      <small>{note}</small>
    </div>
  );
}
