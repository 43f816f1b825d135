/**
 * Secure Remote Password (RFC 5054, group of 3072 bits) as a Cognito pool wants it: the page proves that
 * it knows the password, and neither the password nor anything to guess it from leaves the page.
 */
const N = BigInt(
  `0x${[
    'FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD',
    'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED',
    'EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F',
    '83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B',
    'E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510',
    '15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7',
    'ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C',
    'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
  ].join('')}`,
);
const G = 2n;
const KEY_BYTES = 16;
const KEY_NAME = 'Caldera Derived Key';

type Bytes = Uint8Array<ArrayBuffer>;

/** What the pool answers to the first message. */
export interface Question {
  userId: string;
  salt: string;
  serverKey: string;
  secretBlock: string;
}

/** One exchange: `publicKey` opens it, `answer` ends it. */
export class Exchange {
  readonly publicKey: string;
  readonly #secret: bigint;

  constructor(random = crypto.getRandomValues(new Uint8Array(128))) {
    this.#secret = fromBytes(random);
    this.publicKey = power(G, this.#secret).toString(16);
  }

  /** The proof that the password is known, for the pool and the moment that it names. */
  async answer(poolId: string, password: string, asked: Question, timestamp: string) {
    const pool = poolId.split('_')[1] ?? '';
    const key = await this.#key(`${pool}${asked.userId}:${password}`, asked);
    const text = utf8(pool + asked.userId);
    const message = join(text, fromBase64(asked.secretBlock), utf8(timestamp));
    return toBase64(await sign(key, message));
  }

  /** What both sides come to when the password is right, as a key. */
  async #key(identity: string, { salt, serverKey }: Question): Promise<Bytes> {
    const theirs = BigInt(`0x${serverKey}`);
    if (theirs % N === 0n) throw new Error('The pool has sent a key that proves nothing.');
    const scramble = await hash(join(padded(BigInt(`0x${this.publicKey}`)), padded(theirs)));
    const multiplier = fromBytes(await hash(join(padded(N), padded(G))));
    const private_ = await hash(join(padded(BigInt(`0x${salt}`)), await hash(utf8(identity))));
    const x = fromBytes(private_);
    const base = modulo(theirs - multiplier * power(G, x));
    const shared = power(base, this.#secret + fromBytes(scramble) * x);
    const seed = await sign(padded(fromBytes(scramble)), padded(shared));
    return (await sign(seed, join(utf8(KEY_NAME), Uint8Array.of(1)))).slice(0, KEY_BYTES);
  }
}

/** `Thu Nov 26 9:05:07 UTC 2026`, the only form of a moment that a pool takes. */
export function stamp(now: Date): string {
  const [weekday, day, month, year, time] = now.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
}

const modulo = (value: bigint) => ((value % N) + N) % N;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** A number's bytes, with a zero in front where it would else read as negative. */
function padded(value: bigint): Bytes {
  const digits = value.toString(16);
  const even = digits.length % 2 === 1 ? `0${digits}` : digits;
  return fromHex(/^[89a-f]/.test(even) ? `00${even}` : even);
}

const fromHex = (digits: string): Bytes =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

const fromBytes = (bytes: Uint8Array): bigint =>
  BigInt(`0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);

const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const toBase64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
const utf8 = (text: string): Bytes => new TextEncoder().encode(text);
const join = (...parts: Bytes[]): Bytes => Uint8Array.from(parts.flatMap((part) => [...part]));

const hash = async (data: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', data));

async function sign(secret: Bytes, data: Bytes): Promise<Bytes> {
  const form = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', secret, form, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, data));
}
