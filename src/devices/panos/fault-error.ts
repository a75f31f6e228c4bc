import { DeviceRefused, DeviceSurprise, DeviceUnreachable, type UnclogError } from '../../core/errors.ts';
import type { Fault, ReplyFacts } from './reply.ts';

/** What the fault befell: a read, or a change; and whether the session can get a new key by itself. */
interface FaultContext {
  readonly change: boolean;
  readonly renewable: boolean;
}

/** The error that a fault of the API ends in. */
export function callError(facts: ReplyFacts, fault: Fault, { change, renewable }: FaultContext): UnclogError {
  const found = (text: string) => ({ ...facts, found: `${text} (${fault.text})` });
  switch (fault.kind) {
    case 'session-expired':
    case 'credentials':
      // The key was refused before the command was looked at. The next read gets a new one, or finds out why not.
      if (change && renewable) return new DeviceUnreachable(found('the key had expired, nothing was done'));
      return new DeviceRefused({ ...found(renewable ? 'a new key is refused too' : WRONG_KEY), why: 'credentials' });
    case 'commit-window':
      return new DeviceUnreachable(found('refused for the moment, as while a commit runs'));
    case 'role':
      return new DeviceRefused({
        ...found('the admin role lacks the right for this; docs/devices/panos.md lists what is needed'),
        why: 'role',
      });
    case 'denied':
      return new DeviceRefused({ ...found('the device does not allow this now or on this member'), why: 'denied' });
    case 'internal':
      return new DeviceUnreachable({ ...found('the device reports trouble of its own'), maybeDone: change });
    case 'unsupported':
      return new DeviceSurprise(found('this platform or release does not know the command'));
    case 'absent':
      return new DeviceSurprise(found('the device has no such object'));
    case 'other':
      return new DeviceSurprise(found('the device reports an error'));
  }
}

const WRONG_KEY = 'the API key is not valid; make a new one and replace the key file. Not tried again for 10 minutes';

/** User and password were refused. */
export function passwordRefused(facts: ReplyFacts, fault: Fault): DeviceRefused {
  const found = `user or password is wrong; correct the credentials. Not tried again for 10 minutes (${fault.text})`;
  return new DeviceRefused({ ...facts, found, why: 'credentials' });
}
