import { type CSSProperties, useId, useRef, useState } from 'react';
import type { Action } from '../lib/actions';
import { ActionButton, Button } from './Button';
import type { IconName } from './Icon';
import styles from './Menu.module.css';

interface MenuProps {
  /** What it opens, as its button says it. */
  label: string;
  /** The button's name where several menus have the same label. */
  name?: string;
  icon: IconName;
  actions: Action[];
  bare?: boolean;
}

/** A button that opens a short list of actions; a click elsewhere or Escape closes it. */
export function Menu({ label, name, icon, actions, bare = false }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const closing = (action: Action): Action => ({
    ...action,
    run: () => {
      list.current?.hidePopover();
      action.run();
    },
  });
  const anchor = `--menu-${id.replace(/\W/g, '')}`;
  return (
    <>
      <Button
        icon={icon}
        bare={bare}
        look={bare ? 'plain' : 'outline'}
        popoverTarget={id}
        aria-label={name}
        aria-expanded={open}
        style={{ anchorName: anchor } as CSSProperties}
      >
        {label}
      </Button>
      <div
        ref={list}
        id={id}
        popover="auto"
        className={styles.menu}
        style={{ positionAnchor: anchor } as CSSProperties}
        onToggle={({ newState }) => setOpen(newState === 'open')}
      >
        {open &&
          actions
            .filter(({ enabled }) => enabled !== false)
            .map((action) => <ActionButton key={action.id} action={closing(action)} />)}
      </div>
    </>
  );
}
