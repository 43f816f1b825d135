import type { AspectRatio, Model } from '../../api/types';
import { cssRatio } from '../../lib/format';
import styles from './AspectPicker.module.css';

interface AspectPickerProps {
  ratios: AspectRatio[];
  value: AspectRatio;
  chosen: Model[];
  onChange(ratio: AspectRatio): void;
}

/** The shape of the picture, chosen by its shape. */
export function AspectPicker({ ratios, value, chosen, onChange }: AspectPickerProps) {
  const others = chosen.filter(({ capabilities }) => !capabilities.aspectRatios.includes(value));
  return (
    <fieldset className={styles.picker}>
      <legend>Aspect ratio</legend>
      {ratios.map((ratio) => (
        <label key={ratio} className={styles.option}>
          <input
            type="radio"
            name="aspect-ratio"
            className="visually-hidden"
            value={ratio}
            checked={ratio === value}
            onChange={() => onChange(ratio)}
          />
          <span className={styles.shape}>
            <span style={{ aspectRatio: cssRatio(ratio), ...longSide(ratio) }} />
          </span>
          {ratio}
        </label>
      ))}
      {others.length > 0 && (
        <small className={styles.note}>{`${few(others)}: the nearest shape instead.`}</small>
      )}
    </fieldset>
  );
}

const few = (models: Model[]): string =>
  models.length > 3 ? `${models.length} models` : models.map(({ name }) => name).join(', ');

function longSide(ratio: string) {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width >= height ? { width: '100%' } : { height: '100%' };
}
