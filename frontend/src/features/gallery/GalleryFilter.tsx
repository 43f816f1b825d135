import { useRef } from 'react';
import { useSearchParams } from 'wouter';
import { useModels } from '../../api/queries';
import { plural } from '../../lib/format';
import { Icon } from '../../ui/Icon';
import { useActions } from '../../ui/useActions';
import styles from './Gallery.module.css';

/** Search over prompts and a choice of model, both kept in the address. */
export function GalleryFilter({ shown }: { shown: number }) {
  const field = useRef<HTMLInputElement>(null);
  const { data } = useModels();
  const [search, setSearch] = useSearchParams();
  const change = (name: string, value: string) =>
    setSearch(
      (previous) => {
        const next = new URLSearchParams(previous);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
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
          value={search.get('q') ?? ''}
          onChange={(event) => change('q', event.target.value)}
        />
      </label>
      <label>
        <span className="visually-hidden">Model</span>
        <select
          className={styles.model}
          value={search.get('model') ?? ''}
          onChange={(event) => change('model', event.target.value)}
        >
          <option value="">All models</option>
          {data?.models.map(({ index, name }) => (
            <option key={index}>{name}</option>
          ))}
        </select>
      </label>
      <span className={styles.facts} role="status">
        {plural(shown, 'run')}
      </span>
    </search>
  );
}
