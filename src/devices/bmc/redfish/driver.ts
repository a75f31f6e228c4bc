import { HttpClient } from '../../../transport/http-client.ts';
import { driver } from '../../contract.ts';
import { collectors } from '../collectors/index.ts';
import { LoginGuard } from '../login-guard.ts';
import { remedies } from '../remedies/index.ts';
import { openSession, type BmcSession } from '../session.ts';
import { RedfishAccess } from './access.ts';
import { redfishEntry, type RedfishEntry } from './config.ts';
import { RedfishWeb } from './web.ts';

/** BMCs over Redfish. */
export const redfish = driver<BmcSession, RedfishEntry>({
  name: 'redfish',
  config: redfishEntry,
  collectors,
  remedies,
  open: (entry, tools) => {
    const { name: device, addresses, tls: trust } = entry;
    const { clock } = tools;
    const http = new HttpClient({ device, address: addresses[0], trust, clock, connections: 2 });
    const guard = new LoginGuard(device, clock);
    const access = new RedfishAccess(entry, new RedfishWeb(entry, http, guard), guard, clock);
    return openSession(device, access, tools);
  },
});
