import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import { Secret } from '../../../core/secret.ts';
import type { HttpClient, HttpRequest } from '../../../transport/http-client.ts';
import type { HttpAnswer } from '../../../transport/http-exchange.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { RedfishEntry } from './config.ts';
import { explanationOf, isResourcePath } from './replies.ts';

const SESSIONS = '/redfish/v1/SessionService/Sessions';
const DEADLINE_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;

interface Token {
  readonly secret: Secret;
  /** Where the session is deleted. */
  readonly location: string;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly maxBytes?: number;
}

/** Redfish over HTTPS with one session: opened with the first call, renewed once when lost, deleted at the end. */
export class RedfishWeb {
  readonly #entry: RedfishEntry;
  readonly #http: HttpClient;
  readonly #guard: LoginGuard;
  #token: Promise<Token> | undefined;

  constructor(entry: RedfishEntry, http: HttpClient, guard: LoginGuard) {
    this.#entry = entry;
    this.#http = http;
    this.#guard = guard;
  }

  /** The resource at a path of this BMC, as JSON. Throws DeviceSurprise when it is none. */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#call({ method: 'GET', path }, signal);
    try {
      return JSON.parse(answer.body.toString('utf8')) as unknown;
    } catch (error) {
      throw this.#surprise(`GET ${path}`, 'the reply is not JSON', answer.body.toString('utf8'), error);
    }
  }

  /** The bytes at a path, for data that is no resource. */
  async download(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
    return (await this.#call({ method: 'GET', path, maxBytes }, signal)).body;
  }

  /** Any answer below 400, with its status: an action may be done, or only begun. */
  post(path: string, body: object, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#call({ method: 'POST', path, body: JSON.stringify(body) }, signal);
  }

  /** The answer to a GET with its status, for tasks, which answer 202 while they run. */
  poll(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#call({ method: 'GET', path }, signal);
  }

  /** Deletes the session: BMCs have few places for them, and free a forgotten one late or never. */
  async close(): Promise<void> {
    const token = await this.#token?.catch(() => undefined);
    this.#token = undefined;
    if (token) await this.#delete(token);
    await this.#http.close();
  }

  async #call(call: Call, signal: AbortSignal): Promise<HttpAnswer> {
    const tried = `${call.method} ${call.path}`;
    if (!isResourcePath(call.path)) throw this.#surprise(tried, 'the BMC names a path outside of /redfish/v1', '');
    const kept = this.#token !== undefined;
    const answer = await this.#send(call, await this.#session(signal), signal);
    if (answer.status !== 401) return this.#checked(answer, tried);
    this.#token = undefined;
    // A token that was kept may have run out; a fresh one that is refused will not get better.
    const again = kept ? await this.#send(call, await this.#session(signal), signal) : answer;
    return this.#checked(again, tried);
  }

  #send(call: Call, token: Token, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, path, body, maxBytes = MAX_BYTES } = call;
    const type = body === undefined ? {} : { 'content-type': 'application/json', body };
    return this.#http.send({
      ...this.#frame(method, path, signal, type.body),
      headers: { ...HEADERS, ...(body === undefined ? {} : JSON_BODY), 'x-auth-token': token.secret },
      maxBytes,
      readOnly: method === 'GET',
    });
  }

  #session(signal: AbortSignal): Promise<Token> {
    this.#token ??= this.#login(signal).catch((error: unknown) => {
      this.#token = undefined;
      throw error;
    });
    return this.#token;
  }

  async #login(signal: AbortSignal): Promise<Token> {
    this.#guard.check();
    const { username, password } = this.#entry.credentials;
    const body = JSON.stringify({ UserName: username, Password: password.secret.reveal() });
    const answer = await this.#http.send({
      ...this.#frame('POST', SESSIONS, signal, body),
      tried: 'log in',
      headers: { ...HEADERS, ...JSON_BODY },
      secrets: [password.secret],
      readOnly: true,
    });
    if (answer.status === 401 || answer.status === 403 || answer.status === 400) {
      this.#guard.refuse();
      const found = `the BMC does not take this user and password; correct credentials${explanationOf(answer.body)}`;
      throw this.#refused('log in', found, 'credentials');
    }
    this.#checked(answer, 'log in');
    const token = [answer.headers['x-auth-token'] ?? []].flat()[0];
    if (!token) throw this.#surprise('log in', 'the BMC gave no X-Auth-Token', answer.body.toString('utf8'));
    this.#guard.accepted();
    const location = sessionPath([answer.headers['location'] ?? []].flat()[0]);
    return { secret: new Secret(token), location: location ?? '' };
  }

  async #delete(token: Token): Promise<void> {
    if (token.location === '') return;
    try {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const frame = this.#frame('DELETE', token.location, signal, undefined);
      await this.#http.send({ ...frame, headers: { ...HEADERS, 'x-auth-token': token.secret } });
    } catch (error) {
      // A BMC that is gone has no session to end.
      if (!(error instanceof DeviceUnreachable || error instanceof DeviceRefused)) throw error;
    }
  }

  #frame(method: HttpRequest['method'], path: string, signal: AbortSignal, body: string | undefined) {
    const tried = `${method} ${path}`;
    const sent = body === undefined ? {} : { body };
    return { method, path, tried, signal, deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES, ...sent };
  }

  #checked(answer: HttpAnswer, tried: string): HttpAnswer {
    const { status, body } = answer;
    if (status < 300) return answer;
    const why = explanationOf(body);
    if (status === 401) throw this.#refused(tried, `the BMC refuses its own fresh session${why}`, 'denied');
    if (status === 403) throw this.#refused(tried, `this account may not do that${why}`, 'role');
    if (status === 503 || status === 429) {
      const found = `the BMC is busy or all its sessions are taken (status ${status})${why}`;
      throw new DeviceUnreachable({ device: this.#entry.name, tried, found });
    }
    if (status >= 500) {
      throw new DeviceUnreachable({
        device: this.#entry.name,
        tried,
        found: `status ${status}${why}`,
        maybeDone: true,
      });
    }
    if (status >= 400) throw this.#refused(tried, `status ${status}${why}`, 'denied');
    throw this.#surprise(tried, `status ${status}, a redirection`, body.toString('utf8'));
  }

  #refused(tried: string, found: string, why: DeviceRefused['why']): DeviceRefused {
    return new DeviceRefused({ device: this.#entry.name, tried, found, why });
  }

  #surprise(tried: string, found: string, excerpt: string, cause?: unknown): DeviceSurprise {
    return new DeviceSurprise({ device: this.#entry.name, tried, found, excerpt, cause });
  }
}

const HEADERS = { accept: 'application/json', 'odata-version': '4.0' };
const JSON_BODY = { 'content-type': 'application/json' };

/** The path of a session from a Location header, which may be a whole URL. */
function sessionPath(location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location, 'https://bmc')) return undefined;
  const { pathname } = new URL(location, 'https://bmc');
  return isResourcePath(pathname) ? pathname : undefined;
}
