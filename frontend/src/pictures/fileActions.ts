import type { Action } from '../lib/actions';
import { copyImage } from '../lib/clipboard';
import { canShareFiles, saveUrl, shareUrl } from '../lib/download';
import { showToast } from '../ui/toast';
import { fileName, type RunName } from './names';
import type { Picture } from './select';

export interface FileActions {
  download: Action;
  copy: Action;
  share: Action;
}

/** What can be done with the provider's own file; nothing where there is none. */
export function fileActions(run: RunName, picture: Picture | null): FileActions {
  const enabled = picture !== null;
  const withFile = (use: (url: string, name: string) => Promise<unknown>) => () => {
    if (!picture) return;
    use(picture.imageUrl, fileName(run, picture)).catch((error: Error) =>
      showToast({ text: error.message }),
    );
  };
  return {
    download: {
      id: 'download',
      label: 'Download',
      group: 'Picture',
      keys: 'D',
      enabled,
      run: withFile(saveUrl),
    },
    copy: {
      id: 'copy-picture',
      label: 'Copy picture',
      group: 'Picture',
      keys: 'I',
      enabled,
      run: withFile(copied),
    },
    share: {
      id: 'share-picture',
      label: 'Share picture',
      group: 'Picture',
      enabled: enabled && canShareFiles(),
      run: withFile(shareUrl),
    },
  };
}

async function copied(url: string): Promise<void> {
  const done = await copyImage(url);
  showToast({ text: done ? 'Picture copied.' : 'The browser did not allow copying.' });
}
