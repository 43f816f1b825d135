import { createHash, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Exchange, stamp } from './srp';

const POOL = 'us-east-1_abc';
const USER = 'user-1';
const AT = 'Thu Nov 26 9:05:07 UTC 2026';

// The group of 3072 bits, from its formula in RFC 3526: pi decides the middle.
const N = (() => {
  const pi = arctan(5n, 16n) - arctan(239n, 4n);
  return 2n ** 3072n - 2n ** 3008n - 1n + 2n ** 64n * ((pi >> 64n) + 1690314n);
})();

/** A multiple of an inverse tangent, in units of 2 ** -2942 / 2 ** 64. */
function arctan(inverse: bigint, times: bigint): bigint {
  let term = (times << 3006n) / inverse;
  let sum = 0n;
  for (let odd = 1n; term !== 0n; odd += 2n) {
    sum += odd % 4n === 1n ? term / odd : -(term / odd);
    term /= inverse * inverse;
  }
  return sum;
}

const power = (base: bigint, exponent: bigint): bigint => {
  if (exponent === 0n) return 1n;
  const half = power((base * base) % N, exponent / 2n);
  return exponent % 2n === 1n ? (half * base) % N : half;
};

/** As Java writes a positive number: the pool's own side. */
const bytes = (value: bigint): Buffer => {
  const digits = value.toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), '0');
  return Buffer.from((Number.parseInt(even.slice(0, 2), 16) > 127 ? '00' : '') + even, 'hex');
};
const number = (data: Buffer) => BigInt(`0x${data.toString('hex')}`);
const hash = (...data: (Buffer | string)[]) =>
  data.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

/** A pool that knows a verifier of the password and signs what it expects. */
function pool(password: string) {
  const salt = number(randomBytes(16));
  const x = number(hash(bytes(salt), hash(`abc${USER}:${password}`)));
  const verifier = power(2n, x);
  const secret = number(randomBytes(128));
  const theirs = (number(hash(bytes(N), bytes(2n))) * verifier + power(2n, secret)) % N;
  const secretBlock = randomBytes(64);
  const question = {
    userId: USER,
    salt: salt.toString(16),
    serverKey: theirs.toString(16),
    secretBlock: secretBlock.toString('base64'),
  };
  const expected = (publicKey: string) => {
    const mine = BigInt(`0x${publicKey}`);
    const scramble = hash(bytes(mine), bytes(theirs));
    const shared = power((mine * power(verifier, number(scramble))) % N, secret);
    const seed = createHmac('sha256', bytes(number(scramble)))
      .update(bytes(shared))
      .digest();
    const key = createHmac('sha256', seed).update('Caldera Derived Key\x01').digest();
    const signed = createHmac('sha256', key.subarray(0, 16));
    return signed.update(`abc${USER}`).update(secretBlock).update(AT).digest('base64');
  };
  return { question, expected };
}

describe('a password that is proved and not sent', () => {
  it('comes to what the pool expects, whatever leading zeros there are', async () => {
    for (const password of ['Correct-horse-7-battery', 'Größe-ist-9-nicht-alles', 'x']) {
      const { question, expected } = pool(password);
      const exchange = new Exchange();
      expect(await exchange.answer(POOL, password, question, AT)).toBe(
        expected(exchange.publicKey),
      );
    }
  });

  it('comes to something else with another password', async () => {
    const { question, expected } = pool('Correct-horse-7-battery');
    const exchange = new Exchange();
    const answer = await exchange.answer(POOL, 'correct-horse-7-battery', question, AT);
    expect(answer).not.toBe(expected(exchange.publicKey));
  });

  it('is not proved to a pool whose key would make every password right', async () => {
    const { question } = pool('x');
    const cheating = { ...question, serverKey: N.toString(16) };
    await expect(new Exchange().answer(POOL, 'x', cheating, AT)).rejects.toThrow('proves nothing');
  });

  it('names its moment as the pool wants it, with the day unpadded', () => {
    expect(stamp(new Date('2026-11-05T09:05:07Z'))).toBe('Thu Nov 5 09:05:07 UTC 2026');
  });
});
