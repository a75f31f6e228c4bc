import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { JsonObject } from '../../../core/json.ts';
import type { Board, ResetKind } from '../board.ts';
import type { WebReply, WebRequest, WebSite } from '../web-server.ts';
import type { Vendor } from './entries.ts';
import { PLACES, resourceAt, type Places } from './tree.ts';

const SESSIONS = '/redfish/v1/SessionService/Sessions';

const KINDS: Readonly<Record<string, ResetKind>> = {
  Nmi: 'nmi',
  GracefulRestart: 'graceful-restart',
  ForceRestart: 'force-restart',
  PowerCycle: 'power-cycle',
};

export interface RedfishOptions {
  readonly vendor: Vendor;
  /** Sessions that fit; one more gets 503. */
  readonly sessionsMax: number;
  /** How often a task for diagnostic data is asked for before it is done. */
  readonly taskPolls: number;
  /** Reset types that the system allows; the vendor's own when absent. */
  readonly resets?: readonly string[];
}

/** A Redfish service that keeps state: sessions, log, power, diagnostic data. */
export class RedfishSite implements WebSite {
  readonly #board: Board;
  readonly #options: RedfishOptions;
  readonly #sessions = new Map<string, string>();
  #nextSession = 1;
  #taskPolls = 0;
  /** Actions that a careful client never calls. */
  readonly forbidden: string[] = [];

  constructor(board: Board, options: RedfishOptions) {
    this.#board = board;
    this.#options = options;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  changes({ method, path }: WebRequest): boolean {
    return method !== 'GET' && !path.startsWith(SESSIONS);
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }

  sessionsFull(): WebReply {
    return failure(503, 'IDRAC.2.1.RAC0218', 'The maximum number of user sessions is reached.');
  }

  answer(request: WebRequest): WebReply {
    const { method, path } = request;
    if (method === 'POST' && path === SESSIONS) return this.#login(request.body);
    const token = String(request.headers['x-auth-token'] ?? '');
    if (!this.#sessions.has(token))
      return failure(401, 'Base.1.5.NoValidSession', 'There is no valid session established.');
    if (method === 'DELETE' && path === this.#sessions.get(token)) {
      this.#sessions.delete(token);
      return { status: 204 };
    }
    if (method === 'POST') return this.#act(path, request.body);
    return this.#get(path, Number(request.query.get('$skip') ?? 0));
  }

  #login(body: string): WebReply {
    const credentials = z.object({ UserName: z.string(), Password: z.string() }).safeParse(parse(body));
    const { UserName = '', Password = '' } = credentials.data ?? {};
    if (!this.#board.login(UserName, Password)) {
      return failure(401, 'Base.1.5.InsufficientPrivilege', 'The credentials are not valid.');
    }
    if (this.#sessions.size >= this.#options.sessionsMax) return this.sessionsFull();
    const token = randomBytes(16).toString('hex');
    const location = `${SESSIONS}/${this.#nextSession++}`;
    this.#sessions.set(token, location);
    return { ...json(201, { '@odata.id': location }), headers: { 'x-auth-token': token, location } };
  }

  #act(path: string, body: string): WebReply {
    const { system, manager } = this.#places();
    const dump = `${manager}/LogServices/Dump`;
    if (path === `${system}/Actions/ComputerSystem.Reset`) {
      const type = z.object({ ResetType: z.string() }).safeParse(parse(body)).data?.ResetType ?? '';
      const kind = KINDS[type];
      if (!this.#places().resets.includes(type) || kind === undefined) {
        return failure(400, 'Base.1.5.ActionParameterNotSupported', `The value ${type} is not supported.`);
      }
      this.#board.reset(kind);
      return { status: 204 };
    }
    if (path === `${dump}/Actions/LogService.CollectDiagnosticData`) {
      this.#taskPolls = this.#options.taskPolls;
      return { status: 202, headers: { location: '/redfish/v1/TaskService/TaskMonitors/1' } };
    }
    this.forbidden.push(path);
    return failure(404, 'Base.1.5.ResourceMissingAtURI', `Nothing at ${path}.`);
  }

  #places(): Places {
    const { vendor, resets } = this.#options;
    return resets ? { ...PLACES[vendor], resets } : PLACES[vendor];
  }

  #get(path: string, skip: number): WebReply {
    const { manager } = this.#places();
    const dump = `${manager}/LogServices/Dump/Entries/1`;
    if (path === '/redfish/v1/TaskService/TaskMonitors/1') {
      if (this.#taskPolls-- > 0) return json(202, { TaskState: 'Running' });
      return { ...json(200, { TaskState: 'Completed' }), headers: { location: dump } };
    }
    if (path === `${dump}/attachment`) return { status: 200, body: `diagnostic data of ${this.#board.name}\n` };
    const found = resourceAt(path, skip, this.#board, this.#options.vendor, this.#places());
    return found ? json(200, found) : failure(404, 'Base.1.5.ResourceMissingAtURI', `Nothing at ${path}.`);
  }
}

function failure(status: number, MessageId: string, Message: string): WebReply {
  return json(status, {
    error: { code: 'Base.1.5.GeneralError', message: Message, '@Message.ExtendedInfo': [{ MessageId, Message }] },
  });
}

function json(status: number, body: JsonObject): WebReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined; // The service answers bad JSON as it answers missing fields.
  }
}
