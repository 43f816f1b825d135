import type { AspectRatio } from '../../api/types';
import { cssRatio } from '../../lib/format';
import styles from './AspectPicker.module.css';

interface AspectPickerProps {
  ratios: AspectRatio[];
  value: AspectRatio;
  onChange(ratio: AspectRatio): void;
}

/** The shape of the picture, chosen by its shape. */
export function AspectPicker({ ratios, value, onChange }: AspectPickerProps) {
  return (
    <fieldset className={styles.picker}>
      <legend>Shape</legend>
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
    </fieldset>
  );
}

function longSide(ratio: string) {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return width >= height ? { width: '100%' } : { height: '100%' };
}
