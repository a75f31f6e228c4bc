import type { AnyAuthMethod, AuthHandlerMiddleware } from 'ssh2';
import { DeviceRefused } from '../../core/errors.ts';
import type { SshEntry } from './config.ts';

type Credentials = SshEntry['credentials'];

/**
 * Tries each way to log in once: key, agent, password. The first question is `none`, which costs no failed login and
 * tells which ways the device takes; a password goes by keyboard-interactive where that is the only way for it
 * (Junos with RADIUS or TACACS+).
 */
export function authHandler(credentials: Credentials): AuthHandlerMiddleware {
  const ways = waysToLogIn(credentials);
  let asked = false;
  return (methodsLeft, _partial, next) => {
    if (!asked) {
      asked = true;
      next({ type: 'none', username: credentials.username });
      return;
    }
    const allowed: readonly string[] = methodsLeft ?? [];
    const way = ways.shift();
    // ssh2 takes `false` for "no more"; its types do not say so.
    next(way === undefined ? (false as unknown as AnyAuthMethod) : way(allowed));
  };
}

/** Which of the ways is set up, for messages: `private key, password`. */
export function describeWays(credentials: Credentials): string {
  const { private_key_file: key, agent, password_file: file, password } = credentials;
  const ways = [key && 'private key', agent !== undefined && 'agent', (file ?? password) && 'password'];
  return ways.filter(way => typeof way === 'string').join(', ');
}

/** The agent's socket. Throws DeviceRefused when `agent: true` stands there and no agent runs. */
export function agentSocket(credentials: Credentials, device: string): string | undefined {
  if (credentials.agent !== true) return credentials.agent;
  const socket = process.env['SSH_AUTH_SOCK'];
  if (socket !== undefined && socket !== '') return socket;
  throw new DeviceRefused({
    device,
    tried: 'log in by ssh agent',
    found: 'SSH_AUTH_SOCK is not set; start an agent, name its socket, or use private_key_file',
    why: 'credentials',
  });
}

function waysToLogIn(credentials: Credentials): ((allowed: readonly string[]) => AnyAuthMethod)[] {
  const { username } = credentials;
  const ways: ((allowed: readonly string[]) => AnyAuthMethod)[] = [];
  const key = credentials.private_key_file?.secret;
  const passphrase = (credentials.passphrase_file ?? credentials.passphrase)?.secret;
  if (key) {
    const unlocked = passphrase ? { passphrase: passphrase.reveal() } : {};
    ways.push(() => ({ type: 'publickey', username, key: key.reveal(), ...unlocked }));
  }
  const agent = credentials.agent === true ? process.env['SSH_AUTH_SOCK'] : credentials.agent;
  if (agent !== undefined) ways.push(() => ({ type: 'agent', username, agent }));
  const password = (credentials.password_file ?? credentials.password)?.secret;
  if (password) {
    ways.push(allowed => {
      if (allowed.includes('password') || !allowed.includes('keyboard-interactive')) {
        return { type: 'password', username, password: password.reveal() };
      }
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          finish(prompts.map(() => password.reveal()));
        },
      };
    });
  }
  return ways;
}
