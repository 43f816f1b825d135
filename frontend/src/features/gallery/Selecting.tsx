import { useModels } from '../../api/queries';
import type { GalleryEntry } from '../../api/types';
import { plural } from '../../lib/format';
import { useDeleteRun } from '../../live/deletion';
import { Button } from '../../ui/Button';
import { deleteLater } from './deleteLater';
import styles from './Gallery.module.css';

/** The runs that are chosen; null while nobody chooses. */
export type Chosen = ReadonlySet<string> | null;

interface SelectingProps {
  entries: GalleryEntry[];
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
}

/** Choosing several runs, to delete them; only where runs can be deleted. */
export function Selecting({ entries, chosen, onChoose }: SelectingProps) {
  const remove = useDeleteRun();
  const may = useModels().data?.limits.delete === true;
  if (!may || entries.length === 0) return null;
  if (!chosen)
    return (
      <p className={styles.selecting}>
        <Button look="outline" onClick={() => onChoose(new Set())}>
          Select
        </Button>
      </p>
    );
  const ids = entries.map(({ jobId }) => jobId).filter((id) => chosen.has(id));
  const all = ids.length === entries.length;
  return (
    <p className={styles.selecting}>
      <Button
        look="outline"
        disabled={ids.length === 0}
        onClick={() => {
          deleteLater(ids, remove);
          onChoose(null);
        }}
      >
        {`Delete ${plural(ids.length, 'run')}`}
      </Button>
      <Button onClick={() => onChoose(new Set(all ? [] : entries.map(({ jobId }) => jobId)))}>
        {all ? 'None' : 'All that are shown'}
      </Button>
      <Button onClick={() => onChoose(null)}>Done</Button>
    </p>
  );
}
