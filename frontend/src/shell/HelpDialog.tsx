import { type Action, actionLayers, keyCaps, singleKeysEnabled } from '../lib/actions';
import { Dialog } from '../ui/Dialog';
import { useStore } from '../ui/useStore';
import styles from './HelpDialog.module.css';

/** Everything that can be done on the screen beneath, with its keys. */
export default function HelpDialog({ onClose }: { onClose(): void }) {
  const layers = useStore(actionLayers);
  const single = useStore(singleKeysEnabled);
  const actions = layers.flatMap((layer) => layer.actions).filter(({ keys }) => keys);
  const groups = Map.groupBy(unique(actions), ({ group }) => group);
  return (
    <Dialog title="Help and shortcuts" onClose={onClose} wide>
      <div className={styles.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members.map((action) => (
                <Line key={action.id} action={action} />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className={styles.note}>
        Keys that mean a picture mean the one under the mouse or with the focus: its number is
        marked.
      </p>
      <label className={styles.option}>
        <input
          type="checkbox"
          checked={single}
          onChange={(event) => singleKeysEnabled.set(event.target.checked)}
        />
        Single letters act as shortcuts while no text field has the focus
      </label>
    </Dialog>
  );
}

const unique = (actions: Action[]) => [
  ...new Map(actions.map((action) => [action.id, action])).values(),
];

function Line({ action }: { action: Action }) {
  return (
    <div data-off={action.enabled === false || undefined}>
      <dt>{action.label}</dt>
      <dd>
        {action.enabled === false && <span className="visually-hidden">not now:</span>}
        {keyCaps(action.keys ?? '').map((cap) => (
          <kbd key={cap}>{cap}</kbd>
        ))}
      </dd>
    </div>
  );
}
