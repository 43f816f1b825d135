import { Suspense } from 'react';
import { copyText } from '../../lib/clipboard';
import { Button } from '../../ui/Button';
import { lazyLater } from '../../ui/lazyLater';
import { showToast } from '../../ui/toast';
import styles from './Form.module.css';

const QrCode = lazyLater(() => import('./QrCode'));

const copy = async (secret: string) =>
  showToast({
    text: (await copyText(secret)) ? 'Secret copied.' : 'The browser did not allow copying.',
  });

/** A second step's secret, to be scanned, typed, copied, or opened by the app on this machine. */
export function Secret({ secret, email }: { secret: string; email: string }) {
  const label = encodeURIComponent(`Pixel Prompt:${email}`);
  const address = `otpauth://totp/${label}?secret=${secret}&issuer=Pixel%20Prompt`;
  return (
    <div className={styles.secret}>
      <Suspense fallback={<div className={styles.code} />}>
        <QrCode
          text={address}
          label="The secret as a QR code, for the camera of your app; below it stands as text"
        />
      </Suspense>
      <code>{secret.match(/.{1,4}/g)?.join(' ')}</code>
      <div className={styles.foot}>
        <Button icon="copy" look="outline" onClick={() => copy(secret)}>
          Copy the secret
        </Button>
        <a href={address}>Open in an app here</a>
      </div>
    </div>
  );
}
