const NOTICEABLE_MS = 2000;

let offset = 0;

/** Learns how far this machine's clock is from the server's, from a Date header. */
export function observeServerDate(header: string | null, now = Date.now()): void {
  const server = header ? Date.parse(header) : Number.NaN;
  if (Number.isNaN(server)) return;
  const difference = server - now;
  offset = Math.abs(difference) > NOTICEABLE_MS ? difference : 0;
}

/** The time on the server, in milliseconds. */
export function serverNow(now = Date.now()): number {
  return now + offset;
}
