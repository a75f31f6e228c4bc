import { complaintOf, type Complaint } from './complaint.ts';

/** What became of a raw command. */
export type RawAnswer =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The BMC answered, and said no. The session is as good as before. */
  | { readonly kind: 'refused'; readonly complaint: Extract<Complaint, { kind: 'refused' }> }
  /** No answer came: the session is lost, or the BMC is. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'surprise'; readonly found: string };

const CHATTER = /^RAW (?:REQ|RSP) \(.*\)$/;
const LENGTH = /^RAW RSP \((\d+) bytes\)$/m;
const NO_ANSWER = /^Unable to send RAW command \([^)]*\)$/m;
const COMPLETED_WITH_ERROR = /^Unable to send RAW command .*rsp=0x/m;

/** Reads both outputs of `raw …`. Success is proven by the bytes alone, as many as ipmitool says it got, and no complaint. */
export function rawAnswer(stdout: string, stderr: string): RawAnswer {
  const said = complaints(stderr);
  if (said === '') return readBytes(stdout, Number(LENGTH.exec(stderr)?.[1]));
  if (NO_ANSWER.test(said)) return { kind: 'silence' };
  const complaint = COMPLETED_WITH_ERROR.test(said) ? complaintOf(said) : undefined;
  if (complaint?.kind === 'refused') return { kind: 'refused', complaint };
  return { kind: 'surprise', found: 'ipmitool complains' };
}

/** What ipmitool said on standard error, without what it says of every command. Empty when it had nothing to say. */
export function complaints(stderr: string): string {
  const lines = stderr.split('\n').map(line => line.trimEnd());
  return lines.filter(line => line !== '' && !CHATTER.test(line)).join('\n');
}

/** True when all that ipmitool said to `sel writeraw` is that there is nothing to write. */
export function isEmptyLog(stderr: string): boolean {
  return complaints(stderr) === 'SEL has no entries';
}

function readBytes(stdout: string, length: number): RawAnswer {
  const words = stdout.split(/\s+/).filter(word => word !== '');
  if (!words.every(word => /^[0-9a-f]{2}$/.test(word))) {
    return { kind: 'surprise', found: 'the answer is not made of hex bytes' };
  }
  if (words.length !== length) {
    return { kind: 'surprise', found: `ipmitool got ${length} bytes and printed ${words.length}` };
  }
  return { kind: 'bytes', bytes: Buffer.from(words.join(''), 'hex') };
}
