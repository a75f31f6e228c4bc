import { DeviceRefused, DeviceSurprise, DeviceUnreachable } from '../../../core/errors.ts';
import { redact } from '../../../core/secret.ts';
import type { ProgramEnd } from '../../../transport/program.ts';
import { complaintOf, type Complaint } from './complaint.ts';
import type { IpmiEntry } from './config.ts';

/** What `stdbuf` answers when the program that it shall run is not there, or is no program. */
const NOT_RUNNABLE = [126, 127];

/** The error that an ipmitool which ended stands for. `maybeDone` when it had been given a change to make. */
export function failure(
  entry: IpmiEntry,
  { tried }: { readonly tried: string },
  end: ProgramEnd,
  maybeDone: boolean,
): DeviceRefused | DeviceSurprise | DeviceUnreachable {
  const { name: device, ipmitool } = entry;
  if (end.kind === 'failed') {
    if (end.why === 'missing')
      return new DeviceUnreachable({ device, tried, found: `${end.detail}${hint(end.detail)}` });
    const found = `${ipmitool}: ${end.detail}`;
    if (end.why === 'output') return new DeviceSurprise({ device, tried, found });
    return new DeviceUnreachable({ device, tried, found, maybeDone });
  }
  if (NOT_RUNNABLE.includes(end.code)) {
    const found = `${ipmitool} cannot be run: install it (Debian: apt-get install ipmitool), or correct ipmitool:`;
    return new DeviceUnreachable({ device, tried, found });
  }
  const complaint = complaintOf(end.stderr);
  if (complaint?.kind === 'unreachable')
    return new DeviceUnreachable({ device, tried, found: complaint.found, maybeDone });
  if (complaint) return refusal(entry, { tried }, complaint);
  const excerpt = redact(`${end.stderr}${end.stdout}`, [entry.credentials.password.secret]);
  return new DeviceSurprise({ device, tried, found: `ipmitool ended with code ${end.code}`, excerpt });
}

function hint(detail: string): string {
  return detail.includes('ENOENT') ? ': install coreutils, which has mkfifo and stdbuf' : '';
}

/** The error for a BMC that said no. */
export function refusal(
  { name: device }: IpmiEntry,
  { tried }: { readonly tried: string },
  complaint: Exclude<Complaint, { kind: 'unreachable' }>,
): DeviceRefused {
  const why = complaint.kind === 'bad-hmac' ? 'credentials' : complaint.why;
  return new DeviceRefused({ device, tried, found: complaint.found, why });
}
