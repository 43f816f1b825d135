import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useRetention } from '../../api/queries';
import type { GalleryEntry } from '../../api/types';
import { moment, plural } from '../../lib/format';
import { RunsInProgress } from '../../live/RunsInProgress';
import { Unreachable } from '../../live/Unreachable';
import { useSteady } from '../../pictures/useSteady';
import { Button } from '../../ui/Button';
import { Notice } from '../../ui/Notice';
import { Spinner } from '../../ui/Spinner';
import { useSearchParam } from '../../ui/useSearchParam';
import { useSettled } from '../../ui/useSettled';
import { useStore } from '../../ui/useStore';
import { useTitle } from '../../ui/useTitle';
import { goneRuns } from './deleteLater';
import styles from './Gallery.module.css';
import { GalleryFilter } from './GalleryFilter';
import { useGalleryPages } from './queries';
import { type Chosen, Selecting } from './Selecting';

/** All runs that have ended, newest first. */
export default function Gallery() {
  useTitle('Gallery');
  const wanted = useWanted();
  const searching = Object.keys(wanted).length > 0;
  const pages = useGalleryPages(wanted);
  const gone = useStore(goneRuns);
  const [chosen, setChosen] = useState<Chosen>(null);
  const listed = pages.data?.pages.flatMap((page) => page.galleries) ?? [];
  const entries = listed.filter(({ jobId }) => !gone.has(jobId));
  const more = useMorePages(pages);
  const none = pages.isSuccess && entries.length === 0 && !pages.hasNextPage;
  return (
    <main className={styles.gallery} id="stage" tabIndex={-1}>
      <h1>Gallery</h1>
      <p className={styles.also}>
        <Link href="/leaderboard">Leaderboard of your verdicts</Link>
      </p>
      <Unreachable>What is shown may not be the latest.</Unreachable>
      <RunsInProgress />
      {(entries.length > 0 || searching) && (
        <GalleryFilter entries={entries} more={pages.hasNextPage} />
      )}
      <Selecting entries={entries} chosen={chosen} onChoose={setChosen} />
      {pages.error && entries.length === 0 && (
        <Notice title="The gallery cannot be shown" tone="bad">
          <p>{pages.error.message}</p>
          <Button icon="retry" look="outline" onClick={() => pages.refetch()}>
            Try again
          </Button>
        </Notice>
      )}
      {none && (searching ? <p className={styles.none}>No run matches.</p> : <EmptyGallery />)}
      <ul className={styles.grid}>
        {entries.map((entry) => (
          <Entry key={entry.target} entry={entry} chosen={chosen} onChoose={setChosen} />
        ))}
      </ul>
      <div ref={more} className={styles.more}>
        {pages.isFetching && pages.failureCount === 0 && <Spinner size={28} />}
        {pages.hasNextPage && !pages.isFetching && (
          <Button look="outline" onClick={() => pages.fetchNextPage()}>
            Show more
          </Button>
        )}
      </div>
    </main>
  );
}

const QUIET_MS = 250;

/** What the address asks for, as the server takes it, once nobody types any more. */
function useWanted(): Record<string, string> {
  const [q] = useSearchParam('q');
  const [model] = useSearchParam('model');
  const [starred] = useSearchParam('starred');
  const words = useSettled(q?.trim() ?? '', QUIET_MS);
  const wanted = { q: words, model, starred };
  return Object.fromEntries(
    Object.entries(wanted).filter((pair): pair is [string, string] => Boolean(pair[1])),
  );
}

/** Fetches on as the end comes into sight: a page of a search may be empty and not the last. */
function useMorePages(pages: ReturnType<typeof useGalleryPages>) {
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetching, fetchNextPage, isError } = pages;
  const ready = hasNextPage && !isFetching && !isError;
  useEffect(() => {
    if (!ready || !end.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => entry?.isIntersecting && fetchNextPage(),
      { rootMargin: '800px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [ready, fetchNextPage]);
  return end;
}

function EmptyGallery() {
  const kept = useRetention();
  return (
    <Notice title="Nothing here yet" icon="search">
      <p>{`Every run that has ended is kept here${kept ? ` for ${kept}` : ''}.`}</p>
      <Link href="/">Write the first prompt</Link>
    </Notice>
  );
}

/** The picture lies in a square, so its longer side is what counts as its width. */
function Preview({ entry: { images, preview } }: { entry: GalleryEntry }) {
  const [thumbUrl, thumbIsHere] = useSteady(preview.thumbUrl);
  const [previewUrl, previewIsHere] = useSteady(preview.previewUrl);
  const [lost, setLost] = useState(false);
  if (images === 0) return 'No picture';
  const src = thumbUrl ?? previewUrl;
  if (!src) return 'No preview yet';
  const both =
    thumbUrl && previewUrl && !lost ? `${thumbUrl} 320w, ${previewUrl} 1024w` : undefined;
  return (
    <img
      loading="lazy"
      decoding="async"
      sizes="auto, 14rem"
      srcSet={both}
      src={src}
      alt=""
      onLoad={() => {
        thumbIsHere();
        previewIsHere();
      }}
      // A run from before there were previews has its thumbnail alone.
      onError={() => setLost(true)}
    />
  );
}

interface EntryProps {
  entry: GalleryEntry;
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
}

function Entry({ entry, chosen, onChoose }: EntryProps) {
  if (!chosen)
    return (
      <li>
        <Link href={`/gallery/${entry.target}`} className={styles.entry}>
          <Run entry={entry} />
        </Link>
      </li>
    );
  const others = [...chosen].filter((id) => id !== entry.jobId);
  const checked = others.length < chosen.size;
  return (
    <li>
      <label className={styles.entry}>
        <input
          type="checkbox"
          checked={checked}
          onChange={() => onChoose(new Set(checked ? others : [...others, entry.jobId]))}
        />
        <Run entry={entry} />
      </label>
    </li>
  );
}

function Run({ entry }: { entry: GalleryEntry }) {
  return (
    <>
      <span className={styles.mat}>
        <Preview entry={entry} />
      </span>
      <span className={styles.prompt} dir="auto">
        {entry.prompt}
      </span>
      <span className={styles.facts}>
        {entry.starred && '★ '}
        {entry.images > 0 && `${plural(entry.images, 'picture')} · `}
        {moment(entry.createdAt)}
      </span>
    </>
  );
}
