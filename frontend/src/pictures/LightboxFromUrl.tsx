import { Suspense } from 'react';
import { lazyLater } from '../ui/lazyLater';
import type { Picture } from './select';
import { useViewed } from './useViewed';

const Lightbox = lazyLater(() => import('./viewer/Lightbox'));

interface LightboxFromUrlProps {
  title: string;
  pictures: Picture[];
}

/** Shows the picture that the address names (`?view=3`); Back closes it. */
export function LightboxFromUrl({ title, pictures }: LightboxFromUrlProps) {
  const viewed = useViewed();
  const at = pictures.findIndex(({ index }) => String(index) === viewed.slot);
  if (at === -1) return null;
  return (
    <Suspense>
      <Lightbox
        title={title}
        pictures={pictures}
        at={at}
        onShow={(picture) => (picture ? viewed.turn(picture.index) : viewed.close())}
      />
    </Suspense>
  );
}
