import { lazy, Suspense } from 'react';
import { useSearchParams } from 'wouter';
import type { Picture } from './select';

const Lightbox = lazy(() => import('./viewer/Lightbox'));

interface LightboxFromUrlProps {
  title: string;
  pictures: Picture[];
}

/** Shows the picture that the address names (`?view=3`); Back closes it. */
export function LightboxFromUrl({ title, pictures }: LightboxFromUrlProps) {
  const [search, setSearch] = useSearchParams();
  const at = pictures.findIndex(({ index }) => String(index) === search.get('view'));
  const show = (picture: Picture | undefined) =>
    setSearch(
      (previous) => {
        const changed = new URLSearchParams(previous);
        if (picture) changed.set('view', String(picture.index));
        else changed.delete('view');
        return changed;
      },
      { replace: true },
    );
  if (at === -1) return null;
  return (
    <Suspense>
      <Lightbox title={title} pictures={pictures} at={at} onShow={show} />
    </Suspense>
  );
}
