import { Suspense } from 'react';
import { lazyLater } from '../ui/lazyLater';
import type { RunName } from './names';
import { reuseSeed } from './reuse';
import type { Picture } from './select';
import { useViewed } from './useViewed';

const Lightbox = lazyLater(() => import('./viewer/Lightbox'));

interface LightboxFromUrlProps {
  run: RunName & { jobId: string };
  /** Where a composer takes a picture's seed, if this is a screen to go on from. */
  studio?: string;
  pictures: Picture[];
}

/** Shows the picture that the address names (`?view=3`); Back closes it. */
export function LightboxFromUrl({ run, studio, pictures }: LightboxFromUrlProps) {
  const viewed = useViewed();
  const at = pictures.findIndex(({ index }) => String(index) === viewed.slot);
  if (at === -1) return null;
  return (
    <Suspense>
      <Lightbox
        run={run}
        seed={studio ? reuseSeed(run.jobId, studio, pictures[at] ?? null) : null}
        pictures={pictures}
        at={at}
        onShow={(picture) => (picture ? viewed.turn(picture.index) : viewed.close())}
      />
    </Suspense>
  );
}
