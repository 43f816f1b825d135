import type { Result } from '../api/types';
import { cost, seconds } from '../lib/format';
import { settingName } from './names';
import styles from './ResultFacts.module.css';

function size(result: Result): string {
  const got = `${result.width}×${result.height}`;
  const asked = result.requested?.aspectRatio;
  return typeof asked === 'string' && !isRatio(result, asked) ? `${asked} → ${got}` : got;
}

/** Models round to multiples of 16 or 32, so a near ratio counts as the one that was asked for. */
function isRatio({ width, height }: Result, asked: string): boolean {
  const [w = 1, h = 1] = asked.split(':').map(Number);
  return !width || !height || Math.abs(width / height / (w / h) - 1) < 0.05;
}

/** What really happened, without interpretation: size, seed, time, cost, and what was ignored. */
export function ResultFacts({ result }: { result: Result }) {
  const mismatch = size(result).includes('→');
  // That a model takes no seed is told among the facts, and nobody may have asked for one.
  const ignored = result.ignored?.filter((name) => name !== 'seed') ?? [];
  return (
    <div className={styles.facts}>
      <dl className={styles.row}>
        <Fact name="Size" value={size(result)} marked={mismatch} />
        {result.provider && (
          <Fact name="Seed" value={result.seed == null ? 'no seed' : `seed ${result.seed}`} />
        )}
        {result.duration != null && <Fact name="Time" value={seconds(result.duration)} />}
        {result.provider && <Fact name="Cost" value={cost(result.cost)} />}
      </dl>
      <div className={styles.notes}>
        {ignored.length > 0 && <span>ignored {ignored.map(settingName).join(', ')}</span>}
        {result.previewError && <span>no preview: shown in full</span>}
        {result.revisedPrompt && (
          <details>
            <summary>prompt revised</summary>
            <p className={styles.revised}>{result.revisedPrompt}</p>
          </details>
        )}
      </div>
    </div>
  );
}

function Fact({ name, value, marked = false }: { name: string; value: string; marked?: boolean }) {
  return (
    <div className={marked ? styles.marked : undefined}>
      <dt className="visually-hidden">{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
