import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import { Secret } from '../../../core/secret.ts';
import type { HttpClient } from '../../../transport/http-client.ts';
import type { HttpAnswer } from '../../../transport/http-exchange.ts';
import type { LoginGuard } from '../login-guard.ts';
import type { LoginForm, SupermicroEntry } from './config.ts';
import { csrfTokenOf, isLoggedIn, isSessionLost, sessionIdOf } from './replies.ts';

const DEADLINE_MS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** A session on the BMC's web pages. */
interface WebSession {
  readonly id: Secret;
  readonly csrf: Secret | undefined;
  /** X9 and X10 take a query as `KEY=(a,b)`, X11 as `op=KEY&r=(a,b)`. */
  readonly querying: 'x9' | 'x11';
}

/** Which form of login worked, kept over a restart: each try of the wrong one is an entry in the event log. */
export interface FormMemory {
  recall(): Promise<LoginForm | undefined>;
  keep(form: LoginForm): Promise<void>;
}

/** The BMC's own web pages (ATEN firmware, boards X9 to X11): one session, kept until it is lost or closed. */
export class CgiWeb {
  readonly #entry: SupermicroEntry;
  readonly #http: HttpClient;
  readonly #guard: LoginGuard;
  readonly #forms: FormMemory;
  #session: WebSession | undefined;

  constructor(entry: SupermicroEntry, http: HttpClient, guard: LoginGuard, forms: FormMemory) {
    this.#entry = entry;
    this.#http = http;
    this.#guard = guard;
    this.#forms = forms;
  }

  /** The reply to a query such as `SEL_INFO.XML`, `(1,c0)`. Logs in when needed, and once again when the session was lost. */
  async query(key: string, range: string, signal: AbortSignal): Promise<string> {
    const kept = this.#session;
    const session = kept ?? (await this.#login(signal));
    const body = await this.#ask(session, key, range, signal);
    if (body !== undefined) return body;
    this.#session = undefined;
    const again = kept ? await this.#ask(await this.#login(signal), key, range, signal) : undefined;
    if (again !== undefined) return again;
    this.#session = undefined;
    throw this.#refused(key, 'the BMC accepts the login and then refuses its session', 'denied');
  }

  /** Logs out, so that the session does not stand in one of the BMC's few places. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) await this.#send('GET', '/cgi/logout.cgi', 'log out', { session }).catch(ignoreUnreachable);
    await this.#http.close();
  }

  /** Undefined when the session is not valid any more. */
  async #ask(session: WebSession, key: string, range: string, signal: AbortSignal): Promise<string | undefined> {
    const body = session.querying === 'x11' ? `op=${key}&r=${range}&_=` : `${key}=${range}`;
    const answer = await this.#send('POST', '/cgi/ipmi.cgi', `read ${key}`, { session, body, signal });
    if (answer.status === 403 || answer.status === 401) return undefined;
    const text = this.#bodyOf(answer, `read ${key}`);
    return isSessionLost(text) ? undefined : text;
  }

  async #login(signal: AbortSignal): Promise<WebSession> {
    this.#guard.check();
    for (const form of await this.#formsToTry()) {
      const id = await this.#tryLogin(form, signal);
      if (id === undefined) continue;
      this.#guard.accepted();
      await this.#forms.keep(form);
      this.#session = await this.#enter(form, id, signal);
      return this.#session;
    }
    this.#guard.refuse();
    throw this.#refused('log in', 'the BMC does not take this user and password; correct credentials', 'credentials');
  }

  async #formsToTry(): Promise<readonly LoginForm[]> {
    const { login_form } = this.#entry;
    if (login_form !== 'auto') return [login_form];
    const remembered = await this.#forms.recall();
    return remembered ? [remembered] : ['base64', 'plain'];
  }

  async #tryLogin(form: LoginForm, signal: AbortSignal): Promise<Secret | undefined> {
    const { username, password } = this.#entry.credentials;
    const plain = password.secret;
    const encode = (text: string) => (form === 'base64' ? Buffer.from(text).toString('base64') : text);
    const fields = new URLSearchParams({ name: encode(username), pwd: encode(plain.reveal()) });
    if (form === 'base64') fields.set('check', '00');
    const secrets = [plain, new Secret(encode(plain.reveal()))];
    const answer = await this.#send('POST', '/cgi/login.cgi', 'log in', { body: fields.toString(), secrets, signal });
    if (answer.status === 401 || answer.status === 403) return undefined;
    if (!isLoggedIn(this.#bodyOf(answer, 'log in'))) return undefined;
    const id = sessionIdOf([answer.headers['set-cookie'] ?? []].flat());
    if (id !== undefined) return new Secret(id);
    throw this.#surprise('log in', 'the BMC accepted the login and gave no session id', '');
  }

  /** Reads the token that X11 pages carry. */
  async #enter(form: LoginForm, id: Secret, signal: AbortSignal): Promise<WebSession> {
    const tried = 'read the page with the session token';
    const session: WebSession = { id, csrf: undefined, querying: form === 'base64' ? 'x11' : 'x9' };
    const answer = await this.#send('GET', '/cgi/url_redirect.cgi?url_name=topmenu', tried, { session, signal });
    const token = answer.status === 200 ? csrfTokenOf(answer.body.toString('utf8')) : undefined;
    return token === undefined ? session : { ...session, csrf: new Secret(token), querying: 'x11' };
  }

  #send(
    method: 'GET' | 'POST',
    path: string,
    tried: string,
    parts: { session?: WebSession; body?: string; secrets?: readonly Secret[]; signal?: AbortSignal },
  ): Promise<HttpAnswer> {
    const { session, body, secrets, signal } = parts;
    const cookie = session ? { cookie: new Secret(`SID=${session.id.reveal()}`) } : {};
    // Two spellings, because firmware looks for one or the other.
    const csrf = session?.csrf ? { CSRF_TOKEN: session.csrf, 'Csrf-Token': session.csrf } : {};
    const form = body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
    const script = session?.querying === 'x11' ? { 'x-requested-with': 'XMLHttpRequest' } : {};
    return this.#http.send({
      method,
      path,
      tried,
      // X11SCM-F up to 1.23.06 answers only requests that seem to come from its own pages.
      headers: { referer: this.#entry.addresses[0], ...form, ...script, ...cookie, ...csrf },
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      readOnly: true,
      ...(body === undefined ? {} : { body }),
      ...(secrets ? { secrets } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  #bodyOf(answer: HttpAnswer, tried: string): string {
    if (answer.status === 200) return answer.body.toString('utf8');
    if (answer.status === 404) {
      const found = 'the BMC has no such page; boards from X12 on need driver: redfish';
      throw this.#refused(tried, found, 'denied');
    }
    if (answer.status >= 500) {
      const found = `the BMC answers with status ${answer.status}`;
      throw new DeviceUnreachable({ device: this.#entry.name, tried, found });
    }
    throw this.#surprise(tried, `status ${answer.status}`, answer.body.toString('utf8'));
  }

  #refused(tried: string, found: string, why: DeviceRefused['why']): DeviceRefused {
    return new DeviceRefused({ device: this.#entry.name, tried, found, why });
  }

  #surprise(tried: string, found: string, excerpt: string): DeviceSurprise {
    return new DeviceSurprise({ device: this.#entry.name, tried, found, excerpt });
  }
}

/** A BMC that is gone has no session to end. */
function ignoreUnreachable(error: unknown): void {
  if (!(error instanceof DeviceUnreachable || error instanceof DeviceRefused)) throw error;
}
