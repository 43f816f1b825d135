import { useState } from 'react';
import { shareJob, unshareJob } from '../../api/accounts/calls';
import type { Share } from '../../api/types';
import { copyText } from '../../lib/clipboard';
import { serverNow } from '../../lib/clock';
import { moment, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { showToast } from '../../ui/toast';
import styles from './ShareDialog.module.css';

const DAY_MS = 86_400_000;
const DAYS = [1, 7, 30];

const endOf = (days: string) =>
  days ? new Date(serverNow() + Number(days) * DAY_MS).toISOString() : null;

const addressOf = ({ url }: Share) => new URL(url, location.href).href;

/** A link by which anybody may look at a run, for a while and until it is ended. */
export default function ShareDialog({ jobId, onClose }: { jobId: string; onClose(): void }) {
  const [days, setDays] = useState('7');
  const [made, setMade] = useState<Share | null>(null);
  const [said, setSaid] = useState('');
  const tell = (error: Error) => setSaid(error.message);
  const make = () =>
    shareJob(jobId, endOf(days)).then((share) => {
      setMade(share);
      setSaid(`The link works until ${moment(share.expiresAt)}.`);
    }, tell);
  const end = () =>
    unshareJob(jobId).then(() => {
      setMade(null);
      setSaid('This run has no link any more.');
    }, tell);
  return (
    <Dialog title="Share this run" onClose={onClose}>
      <div className={styles.share}>
        <p>Whoever has the link sees the prompt and the pictures, and nothing of you.</p>
        <label>
          The link works for{' '}
          <select value={days} onChange={(event) => setDays(event.target.value)}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {plural(count, 'day')}
              </option>
            ))}
            <option value="">as long as the run is kept</option>
          </select>
        </label>
        {made && <Link address={addressOf(made)} />}
        <p role="status">{said}</p>
        <div className={styles.row}>
          <Button look="primary" onClick={make}>
            Make a new link
          </Button>
          <Button look="outline" onClick={end}>
            End the link
          </Button>
        </div>
        <p className={styles.small}>A run has one link: a new one ends the one before.</p>
      </div>
    </Dialog>
  );
}

function Link({ address }: { address: string }) {
  const copy = async () =>
    showToast({
      text: (await copyText(address)) ? 'Link copied.' : 'The browser did not allow copying.',
    });
  return (
    <div className={styles.row}>
      <input
        readOnly
        aria-label="Link"
        value={address}
        onFocus={(event) => event.target.select()}
      />
      <Button icon="copy" look="outline" onClick={copy}>
        Copy the link
      </Button>
    </div>
  );
}
