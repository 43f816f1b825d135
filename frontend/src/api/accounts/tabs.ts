import type { Tokens } from './pool';

type Message = { ask: true } | { tokens: Tokens } | { left: string };

const NAME = 'pixel-prompt:session';
const ANSWER_WITHIN_MS = 200;

/** The other tabs of this browser: they lend a new tab their session, share what is renewed, leave together. */
export class Tabs {
  current: () => Tokens | null = () => null;
  onTokens: (tokens: Tokens) => void = () => undefined;
  onLeft: (userId: string) => void = () => undefined;
  #asking: ((tokens: Tokens) => void) | null = null;

  constructor(private readonly channel = new BroadcastChannel(NAME)) {
    channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
  }

  /** The session of another tab; null when none has one, or none answers soon. */
  ask(): Promise<Tokens | null> {
    return new Promise((resolve) => {
      const answered = (tokens: Tokens | null) => {
        this.#asking = null;
        clearTimeout(timer);
        resolve(tokens);
      };
      const timer = setTimeout(answered, ANSWER_WITHIN_MS, null);
      this.#asking = answered;
      this.#say({ ask: true });
    });
  }

  tell(tokens: Tokens): void {
    this.#say({ tokens });
  }

  leave(userId: string): void {
    this.#say({ left: userId });
  }

  close(): void {
    this.channel.close();
  }

  /** Runs this while no other tab runs its own. */
  alone<T>(run: () => Promise<T>): Promise<T> {
    return navigator.locks ? navigator.locks.request(NAME, run) : run();
  }

  #hear(message: Message): void {
    if ('left' in message) this.onLeft(message.left);
    if ('tokens' in message) (this.#asking ?? this.onTokens)(message.tokens);
    const mine = 'ask' in message ? this.current() : null;
    if (mine) this.#say({ tokens: mine });
  }

  #say(message: Message): void {
    this.channel.postMessage(message);
  }
}
