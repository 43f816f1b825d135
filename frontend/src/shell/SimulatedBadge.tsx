import { Suspense, useRef, useState } from 'react';
import { useModels } from '../api/queries';
import { lazyLater } from '../ui/lazyLater';
import { useActions } from '../ui/useActions';
import styles from './SimulatedBadge.module.css';

const ID = 'simulated';

const RealModels = lazyLater(() => import('./RealModels'));

/** Says plainly that the pictures are simulated, and how to get real ones. */
export function SimulatedBadge() {
  const explanation = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(false);
  const { data } = useModels();
  const simulated = data?.models.filter((model) => model.simulated).length ?? 0;
  const explain = () => explanation.current?.togglePopover();
  useActions([
    {
      id: 'add-key',
      label: 'Use real models',
      group: 'Page',
      keys: 'K',
      enabled: simulated > 0,
      run: explain,
    },
  ]);
  if (!data || simulated === 0) return null;
  return (
    <>
      <button type="button" className={styles.badge} popoverTarget={ID}>
        Simulated
      </button>
      <div
        ref={explanation}
        id={ID}
        popover="auto"
        className={styles.explanation}
        onToggle={({ currentTarget }) => setOpened(currentTarget.matches(':popover-open'))}
      >
        <Suspense>
          {opened && (
            <RealModels
              who={simulated === data.models.length ? 'Every model' : `${simulated} of the models`}
            />
          )}
        </Suspense>
      </div>
    </>
  );
}
