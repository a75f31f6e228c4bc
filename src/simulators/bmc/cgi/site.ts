import { randomBytes } from 'node:crypto';
import type { Board } from '../board.ts';
import type { WebReply, WebRequest, WebSite } from '../web-server.ts';
import { loginPage, powerInfo, selInfo, topMenu, WELCOME } from './pages.ts';

/** `x10` also stands for X9. */
export type Generation = 'x10' | 'x11';

export interface CgiOptions {
  readonly generation: Generation;
  /** X11 pages carry a token that queries must bring back; old X11 firmware has none. */
  readonly csrf: boolean;
  /** The most records that a reply holds, whatever the log has. */
  readonly recordsShown: number;
}

interface WebSession {
  readonly csrf: string | undefined;
}

/** The web pages of a Supermicro BMC with ATEN firmware. */
export class CgiSite implements WebSite {
  readonly #board: Board;
  readonly #options: CgiOptions;
  readonly #sessions = new Map<string, WebSession>();

  constructor(board: Board, options: CgiOptions) {
    this.#board = board;
    this.#options = options;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  changes(): boolean {
    return false;
  }

  forgetSessions(): void {
    this.#sessions.clear();
  }

  sessionsFull(): WebReply {
    return page('<html><body>The number of sessions is at its limit.</body></html>');
  }

  answer(request: WebRequest): WebReply {
    switch (`${request.method} ${request.path}`) {
      case 'POST /cgi/login.cgi':
        return this.#login(new URLSearchParams(request.body));
      case 'GET /cgi/url_redirect.cgi':
        return this.#inside(request, session => page(topMenu(session.csrf)));
      case 'POST /cgi/ipmi.cgi':
        return this.#inside(request, session => this.#query(request, session));
      case 'GET /cgi/logout.cgi':
        this.#sessions.delete(sessionIdOf(request));
        return page(loginPage());
      default:
        return { status: 404, body: 'Not Found' };
    }
  }

  #login(fields: URLSearchParams): WebReply {
    const x11 = this.#options.generation === 'x11';
    const read = (name: string) => {
      const value = fields.get(name) ?? '';
      return x11 ? Buffer.from(value, 'base64').toString('utf8') : value;
    };
    if (!this.#board.login(read('name'), read('pwd'))) return page(loginPage());
    const id = randomBytes(12).toString('base64url');
    this.#sessions.set(id, { csrf: x11 && this.#options.csrf ? randomBytes(32).toString('base64') : undefined });
    return { status: 200, headers: { 'set-cookie': ['SID=; path=/', `SID=${id}; path=/; secure`] }, body: WELCOME };
  }

  #inside(request: WebRequest, act: (session: WebSession) => WebReply): WebReply {
    const session = this.#sessions.get(sessionIdOf(request));
    if (session) return act(session);
    return this.#options.generation === 'x11' ? { status: 403, body: 'Forbidden' } : page(EXPIRED);
  }

  #query(request: WebRequest, session: WebSession): WebReply {
    const { csrf } = session;
    if (csrf !== undefined && request.headers['csrf_token'] !== csrf) return page('Token Value is not matched.');
    const fields = new URLSearchParams(request.body);
    const [first] = [...fields];
    const [key, range] = this.#options.generation === 'x11' ? [fields.get('op'), fields.get('r')] : (first ?? []);
    const body = key && range ? this.#reply(key, range) : undefined;
    return body === undefined ? page('<?xml version="1.0"?>  <IPMI>  </IPMI>') : page(body);
  }

  #reply(key: string, range: string): string | undefined {
    const health = this.#options.generation === 'x11' ? 'SYS_HEALTH.XML' : 'SENSOR_INFO_FOR_SYS_HEALTH.XML';
    switch (`${key} ${range}`) {
      case 'SEL_INFO.XML (1,c0)':
        return selInfo(this.#board.sel, this.#options.recordsShown);
      case 'POWER_INFO.XML (0,0)':
        return powerInfo(this.#board.powerOn);
      case `${health} (1,ff)`:
        return `<?xml version="1.0"?>  <IPMI>  <HEALTH_INFO HEALTH="${this.#board.hung ? 3 : 1}"/> </IPMI>`;
      case 'GENERIC_INFO.XML (0,0)':
        return '<?xml version="1.0"?>  <IPMI>  <GENERIC_INFO>  <GENERIC WEB_VERSION="1.1" IPMIFW_VERSION="0325" SESSION_TIMEOUT="00"/>  </GENERIC_INFO>  </IPMI>';
      case 'FRU_INFO.XML (0,0)':
        return `<?xml version="1.0"?> <IPMI> <FRU_INFO RES="1"> <BOARD PROD_NAME="${this.#options.generation.toUpperCase()}SIM-F"/> </FRU_INFO> </IPMI>`;
      default:
        return undefined;
    }
  }
}

const EXPIRED = '<html><body>Your session has timed out. You will need to open a new session.</body></html>';

function page(body: string): WebReply {
  return { status: 200, headers: { 'content-type': 'text/html' }, body };
}

function sessionIdOf(request: WebRequest): string {
  return /(?:^|;\s*)SID=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
}
