import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import styles from './Notice.module.css';

interface NoticeProps {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  tone?: 'calm' | 'bad';
}

/** A state of the page that needs a sentence and perhaps a button. */
export function Notice({ icon = 'warning', title, children, tone = 'calm' }: NoticeProps) {
  return (
    <section
      className={`${styles.notice} ${styles[tone]}`}
      role={tone === 'bad' ? 'alert' : undefined}
    >
      <Icon name={icon} size={22} />
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </section>
  );
}
