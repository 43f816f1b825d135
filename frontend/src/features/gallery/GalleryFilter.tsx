import { useRef } from 'react';
import { useModels } from '../../api/queries';
import type { GalleryEntry } from '../../api/types';
import { plural } from '../../lib/format';
import { Icon } from '../../ui/Icon';
import { useActions } from '../../ui/useActions';
import { useSearchParam } from '../../ui/useSearchParam';
import styles from './Gallery.module.css';

/** The models there are now, and those of old runs that are no more. */
function useModelNames(entries: GalleryEntry[], chosen: string): string[] {
  const configured = useModels().data?.models.map(({ name }) => name) ?? [];
  const drew = entries.flatMap(({ models }) => models);
  return [...new Set([...configured, ...drew, chosen])].filter(Boolean);
}

/** Search over prompts, a choice of model, and stars, all kept in the address. */
export function GalleryFilter({ entries, more }: { entries: GalleryEntry[]; more: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useSearchParam('q');
  const [model, setModel] = useSearchParam('model');
  const [starred, setStarred] = useSearchParam('starred');
  useActions([
    {
      id: 'search',
      label: 'Search',
      group: 'Gallery',
      keys: '/',
      run: () => field.current?.focus(),
    },
  ]);
  return (
    <search className={styles.filter}>
      <label className={styles.search}>
        <span className="visually-hidden">Search prompts</span>
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          placeholder="Search prompts"
          value={words ?? ''}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <label>
        <span className="visually-hidden">Model</span>
        <select
          className={styles.model}
          value={model ?? ''}
          onChange={(event) => setModel(event.target.value)}
        >
          <option value="">All models</option>
          {useModelNames(entries, model ?? '').map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={starred === 'true'}
          onChange={(event) => setStarred(event.target.checked ? 'true' : null)}
        />{' '}
        With a star
      </label>
      <span className={styles.facts} role="status">
        {plural(entries.length, 'run')}
        {more && ', and more'}
      </span>
    </search>
  );
}
