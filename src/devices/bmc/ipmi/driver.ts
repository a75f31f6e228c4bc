import { driver } from '../../contract.ts';
import { collectors } from '../collectors/index.ts';
import { LoginGuard } from '../login-guard.ts';
import { remedies } from '../remedies/index.ts';
import { openSession, type BmcSession } from '../session.ts';
import { IpmiAccess } from './access.ts';
import { ipmiEntry, type IpmiEntry } from './config.ts';
import { Ipmitool } from './ipmitool.ts';

/** BMCs over IPMI 2.0 (RMCP+): any server since about 2005. */
export const ipmi = driver<BmcSession, IpmiEntry>({
  name: 'ipmi',
  config: ipmiEntry,
  collectors,
  remedies,
  open: (entry, tools) => {
    const guard = new LoginGuard(entry.name, tools.clock);
    return openSession(entry.name, new IpmiAccess(entry, new Ipmitool(entry, guard, tools.clock), guard), tools);
  },
});
