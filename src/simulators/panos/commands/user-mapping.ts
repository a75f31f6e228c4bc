/** `show user ip-user-mapping all` and `ip`. The count stands only in the list of all. */
import { type Call, type Command, reads } from '../command.ts';
import { type Reply, success } from '../replies.ts';
import { type Login, secondsLeft } from '../state/directory.ts';
import { replyInVsys } from '../vsys.ts';
import { element, fields, type Xml } from '../xml.ts';

export const userMappingCommands: readonly Command[] = [
  reads('show user ip-user-mapping all', replyInVsys(allMappings)),
  reads('show user ip-user-mapping ip', replyInVsys(mappingsOfAddress)),
];

function allMappings(call: Call, vsys: string): Reply {
  const logins = call.state.directory.logins(vsys);
  return logins.length === 0 ? success() : success(...entries(call, logins), element('count', logins.length));
}

function mappingsOfAddress(call: Call, vsys: string): Reply {
  const address = call.argument?.text ?? '';
  const logins = call.state.directory.logins(vsys).filter(login => login.address === address);
  return success(...entries(call, logins));
}

function entries({ state }: Call, logins: readonly Login[]): Xml[] {
  return logins.map(login => {
    const seconds = secondsLeft(login, state.now());
    const { address, user, type, vsys } = login;
    return element('entry', ...fields({ ip: address, vsys, type, user, idle_timeout: seconds, timeout: seconds }));
  });
}
