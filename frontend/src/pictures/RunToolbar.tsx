import { useLocation } from 'wouter';
import type { Action } from '../lib/actions';
import { copyText } from '../lib/clipboard';
import { ActionButton } from '../ui/Button';
import type { IconName } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { showToast } from '../ui/toast';
import { useActions } from '../ui/useActions';
import styles from './RunToolbar.module.css';
import { reuseRun } from './reuse';
import { manifest, type PictureSet, saveZip } from './saveZip';
import type { Picture } from './select';

export interface Tool {
  action: Action;
  icon: IconName;
  /** Shown as its icon alone. */
  bare?: boolean;
}

interface RunToolbarProps {
  run: PictureSet;
  pictures: Picture[];
  /** The slots picked for comparison; fewer than two mean all. */
  picked?: number[];
  /** Where "Use again" fills the composer. */
  studio: string;
  /** What only this screen can do, put first. */
  own?: Tool[];
}

/** What can be done with a run, the same wherever it is shown. */
export function RunToolbar({ own = [], ...shown }: RunToolbarProps) {
  const tools = useTools(shown);
  useActions([...own, ...tools].map(({ action }) => action));
  const { all, ...ways } = reuseRun(shown.run.jobId, shown.studio);
  useActions([all, ...Object.values(ways)]);
  return (
    <div className={styles.tools}>
      {[...own, ...tools].map(({ action, icon, bare }) => (
        <ActionButton
          key={action.id}
          action={action}
          icon={icon}
          {...(bare ? { bare } : { look: 'outline' })}
        />
      ))}
      <ActionButton action={all} icon="retry" look="outline" />
      <Menu label="More ways to use it" icon="more" bare actions={Object.values(ways)} />
    </div>
  );
}

function useTools({ run, pictures, picked = [] }: Omit<RunToolbarProps, 'own' | 'studio'>): Tool[] {
  const [, navigate] = useLocation();
  const compared = picked.length > 1 ? picked : pictures.map(({ index }) => index);
  const tool = (icon: IconName, action: Omit<Action, 'group'>, bare = false): Tool => ({
    icon,
    bare,
    action: { ...action, group: 'Run' },
  });
  return [
    tool('compare', {
      id: 'compare',
      label: picked.length > 1 ? `Compare ${picked.length}` : 'Compare all',
      keys: 'C',
      enabled: compared.length > 1,
      run: () => navigate(`/compare?run=${run.jobId}&slots=${compared.join(',')}`),
    }),
    tool(
      'download',
      {
        id: 'zip',
        label: 'Download all as a zip',
        keys: 'Z',
        enabled: pictures.length > 0,
        run: () =>
          saveZip(run, pictures).catch((error: Error) => showToast({ text: error.message })),
      },
      true,
    ),
    ...copyTools(run, pictures).map(({ icon, ...action }) => tool(icon, action, true)),
  ];
}

function copyTools(run: PictureSet, pictures: Picture[]) {
  const copy = (icon: IconName, what: string, keys: string, text: () => string) => ({
    icon,
    id: `copy-${what.toLowerCase()}`,
    label: what === 'JSON' ? 'Copy as JSON' : `Copy ${what}`,
    keys,
    run: () => copyOf(what, text()),
  });
  return [
    copy('link', 'link', 'Y', () => location.origin + location.pathname),
    copy('copy', 'prompt', 'P', () => run.prompt),
    copy('braces', 'JSON', 'J', () => JSON.stringify(manifest(run, pictures), null, 2)),
  ];
}

async function copyOf(what: string, text: string): Promise<void> {
  const copied = await copyText(text);
  const named = what.charAt(0).toUpperCase() + what.slice(1);
  showToast({ text: copied ? `${named} copied.` : 'The browser did not allow copying.' });
}
