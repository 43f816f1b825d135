import { Suspense } from 'react';
import { lazyLater } from '../ui/lazyLater';
import type { RunName } from './names';
import type { Picture } from './select';
import { useViewed } from './useViewed';

const Lightbox = lazyLater(() => import('./viewer/Lightbox'));

interface LightboxFromUrlProps {
  run: RunName;
  pictures: Picture[];
}

/** Shows the picture that the address names (`?view=3`); Back closes it. */
export function LightboxFromUrl({ run, pictures }: LightboxFromUrlProps) {
  const viewed = useViewed();
  const at = pictures.findIndex(({ index }) => String(index) === viewed.slot);
  if (at === -1) return null;
  return (
    <Suspense>
      <Lightbox
        run={run}
        pictures={pictures}
        at={at}
        onShow={(picture) => (picture ? viewed.turn(picture.index) : viewed.close())}
      />
    </Suspense>
  );
}
