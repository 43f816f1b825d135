import { serverNow } from '../../lib/clock';
import { Exchange, stamp } from './srp';

/** What somebody who has signed in holds. */
export interface Tokens {
  access: string;
  id: string;
  refresh: string;
}

/** What a pool wants before it lets somebody in. */
export type Challenge = 'NEW_PASSWORD_REQUIRED' | 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP';

/** A sign-in on its way: `session` is good for one answer. */
export interface Asked {
  challenge: Challenge;
  session: string;
  user: string;
}

export type Step = Tokens | Asked;

export const isAsked = (step: Step): step is Asked => 'challenge' in step;

/** A request that the user pool refused, or that did not reach it: then the code is empty. */
export class PoolError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'PoolError';
  }

  /** Whether the pool knows who asks, and will not have them. */
  get refusesPerson(): boolean {
    return REFUSALS.includes(this.code);
  }
}

const REFUSALS = [
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
];

type Fields = Record<string, unknown>;

interface PoolAnswer {
  AuthenticationResult?: { AccessToken: string; IdToken: string; RefreshToken?: string };
  ChallengeName?: string;
  ChallengeParameters?: Record<string, string>;
  Session?: string;
  SecretCode?: string;
  UserMFASettingList?: string[];
}

export interface PoolAddress {
  endpoint: string;
  poolId: string;
  clientId: string;
}

/** The user pool, as far as somebody without credentials of AWS may use it. */
export class UserPool {
  constructor(private readonly at: PoolAddress) {}

  async signIn(email: string, password: string): Promise<Step> {
    const exchange = new Exchange();
    const { ChallengeParameters: asked = {} } = await this.#call('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: email, SRP_A: exchange.publicKey },
    });
    const { USER_ID_FOR_SRP: userId = '', SALT: salt = '', SRP_B: serverKey = '' } = asked;
    const secretBlock = asked.SECRET_BLOCK ?? '';
    const timestamp = stamp(new Date(serverNow()));
    const question = { userId, salt, serverKey, secretBlock };
    return this.#respond('PASSWORD_VERIFIER', undefined, userId, {
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      PASSWORD_CLAIM_SIGNATURE: await exchange.answer(
        this.at.poolId,
        password,
        question,
        timestamp,
      ),
      TIMESTAMP: timestamp,
    });
  }

  chooseFirstPassword = ({ session, user }: Asked, password: string) =>
    this.#respond('NEW_PASSWORD_REQUIRED', session, user, { NEW_PASSWORD: password });

  giveCode = ({ session, user }: Asked, code: string) =>
    this.#respond('SOFTWARE_TOKEN_MFA', session, user, { SOFTWARE_TOKEN_MFA_CODE: code });

  /** Begins the second step on the way in; the answer is the secret for the app, and how to go on. */
  async beginSetup(asked: Asked): Promise<{ secret: string; asked: Asked }> {
    const answer = await this.#call('AssociateSoftwareToken', { Session: asked.session });
    return { secret: answer.SecretCode ?? '', asked: { ...asked, session: answer.Session ?? '' } };
  }

  async endSetup(asked: Asked, code: string): Promise<Step> {
    const given = { Session: asked.session, UserCode: code };
    const { Session: session } = await this.#call('VerifySoftwareToken', given);
    return this.#respond('MFA_SETUP', session, asked.user, {});
  }

  /** The same for somebody who is in already. */
  async beginSecondStep(access: string): Promise<string> {
    const answer = await this.#call('AssociateSoftwareToken', { AccessToken: access });
    return answer.SecretCode ?? '';
  }

  async endSecondStep(access: string, code: string): Promise<void> {
    await this.#call('VerifySoftwareToken', { AccessToken: access, UserCode: code });
    await this.preferSecondStep(access, true);
  }

  preferSecondStep = (access: string, wanted: boolean) =>
    this.#call('SetUserMFAPreference', {
      AccessToken: access,
      SoftwareTokenMfaSettings: { Enabled: wanted, PreferredMfa: wanted },
    });

  async hasSecondStep(access: string): Promise<boolean> {
    const { UserMFASettingList: on = [] } = await this.#call('GetUser', { AccessToken: access });
    return on.includes('SOFTWARE_TOKEN_MFA');
  }

  signUp = (email: string, password: string) =>
    this.#callAsClient('SignUp', email, {
      Password: password,
      UserAttributes: [{ Name: 'email', Value: email }],
    });

  confirm = (email: string, code: string) =>
    this.#callAsClient('ConfirmSignUp', email, { ConfirmationCode: code });

  resend = (email: string) => this.#callAsClient('ResendConfirmationCode', email);

  forgot = (email: string) => this.#callAsClient('ForgotPassword', email);

  reset = (email: string, code: string, password: string) =>
    this.#callAsClient('ConfirmForgotPassword', email, {
      ConfirmationCode: code,
      Password: password,
    });

  changePassword = (access: string, before: string, after: string) =>
    this.#call('ChangePassword', {
      AccessToken: access,
      PreviousPassword: before,
      ProposedPassword: after,
    });

  async refresh(tokens: Tokens): Promise<Tokens> {
    const answer = await this.#call('InitiateAuth', {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: tokens.refresh },
    });
    return tokensOf(answer, tokens.refresh);
  }

  revoke = (refresh: string) =>
    this.#call('RevokeToken', { ClientId: this.at.clientId, Token: refresh });

  signOutEverywhere = (access: string) => this.#call('GlobalSignOut', { AccessToken: access });

  async #respond(
    challenge: string,
    session: string | undefined,
    user: string,
    responses: Record<string, string>,
  ): Promise<Step> {
    const answer = await this.#call('RespondToAuthChallenge', {
      ChallengeName: challenge,
      Session: session,
      ChallengeResponses: { USERNAME: user, ...responses },
    });
    if (answer.AuthenticationResult) return tokensOf(answer, '');
    const { ChallengeName: name, Session: next = '' } = answer;
    return { challenge: name as Challenge, session: next, user };
  }

  #callAsClient(operation: string, email: string, more: Fields = {}): Promise<PoolAnswer> {
    return this.#call(operation, { Username: email, ...more });
  }

  async #call(operation: string, fields: Fields): Promise<PoolAnswer> {
    const ofPerson = 'AccessToken' in fields || operation.includes('SoftwareToken');
    const body = ofPerson ? fields : { ClientId: this.at.clientId, ...fields };
    const response = await fetch(this.at.endpoint, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.1',
        'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
    }).catch(() => {
      throw new PoolError('', 'The sign-in service does not answer. Try again.');
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer as PoolAnswer;
    const code =
      String(answer.__type ?? '')
        .split('#')
        .at(-1) ?? '';
    throw new PoolError(code, sentence(code, String(answer.message ?? answer.Message ?? '')));
  }
}

function tokensOf({ AuthenticationResult: result }: PoolAnswer, refresh: string): Tokens {
  if (!result) throw new PoolError('', 'The sign-in service gave no session. Try again.');
  const { AccessToken: access, IdToken: id, RefreshToken: renewed } = result;
  return { access, id, refresh: renewed ?? refresh };
}

export const PASSWORD_RULE =
  'Twelve characters or more, with upper and lower case letters, a digit and a sign.';

const SENTENCES: Record<string, string> = {
  CodeMismatchException: 'The code is not right.',
  EnableSoftwareTokenMFAException: 'The code is not right.',
  ExpiredCodeException: 'The code is not right, or is too old.',
  InvalidPasswordException: `The password is too weak. ${PASSWORD_RULE}`,
  InvalidParameterException: 'This is not complete: look at the address and the password.',
  LimitExceededException: 'There were too many tries. Wait a while.',
  PasswordHistoryPolicyViolationException: 'This password was used before. Choose another one.',
  PasswordResetRequiredException: 'This password has to be reset first.',
  TooManyFailedAttemptsException: 'There were too many tries. Wait a while.',
  TooManyRequestsException: 'There were too many tries. Wait a while.',
  UserNotConfirmedException: 'The address has to be confirmed first.',
  UserNotFoundException: 'The address or the password is not right.',
  UsernameExistsException: 'There is an account with this address already.',
};

/** What a refusal means, in the page's words. */
function sentence(code: string, message: string): string {
  if (code !== 'NotAuthorizedException')
    return SENTENCES[code] ?? (message || 'The sign-in service refused the request. Try again.');
  if (/disabled/i.test(message)) return 'This account is switched off. Ask an administrator.';
  if (/attempts exceeded/i.test(message)) return 'There were too many tries. Wait a while.';
  if (/session/i.test(message)) return 'That took too long. Sign in again.';
  if (/temporary password/i.test(message))
    return 'The first password is too old. Ask an administrator.';
  if (/sign-?up/i.test(message)) return 'Here an administrator invites people.';
  return 'The address or the password is not right.';
}
