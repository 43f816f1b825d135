import { Button } from './Button';
import styles from './Toaster.module.css';
import { toast } from './toast';
import { useStore } from './useStore';

export function Toaster() {
  const current = useStore(toast);
  const undo = () => {
    current?.undo?.();
    toast.set(null);
  };
  return (
    <div className={styles.toaster} role="status">
      {current && (
        <div className={styles.toast}>
          {current.text}
          {current.undo && <Button onClick={undo}>Undo</Button>}
        </div>
      )}
    </div>
  );
}
