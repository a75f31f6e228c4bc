import { HttpClient } from '../../../transport/http-client.ts';
import { driver, type DeviceMemory } from '../../contract.ts';
import { collectors } from '../collectors/index.ts';
import { LoginGuard } from '../login-guard.ts';
import { remedies } from '../remedies/index.ts';
import { openSession, type BmcSession } from '../session.ts';
import { CgiAccess } from './access.ts';
import { supermicroEntry, type SupermicroEntry } from './config.ts';
import { CgiWeb, type FormMemory } from './web.ts';

/** Supermicro boards X9 to X11, over the web pages of their BMC. */
export const supermicro = driver<BmcSession, SupermicroEntry>({
  name: 'supermicro',
  config: supermicroEntry,
  collectors,
  remedies,
  open: (entry, tools) => {
    const { name: device, addresses, tls: trust, insecure_plain_http: allowPlainHttp } = entry;
    const { clock } = tools;
    const http = new HttpClient({ device, address: addresses[0], trust, clock, connections: 1, allowPlainHttp });
    const guard = new LoginGuard(device, clock);
    const web = new CgiWeb(entry, http, guard, formMemory(tools.memory));
    return openSession(device, new CgiAccess(device, web, guard), tools);
  },
});

const FORM_KEY = 'login-form';

function formMemory(memory: DeviceMemory): FormMemory {
  return {
    recall: async () => {
      const form = await memory.get(FORM_KEY);
      return form === 'plain' || form === 'base64' ? form : undefined;
    },
    keep: async form => {
      if ((await memory.get(FORM_KEY)) !== form) await memory.put(FORM_KEY, form);
    },
  };
}
