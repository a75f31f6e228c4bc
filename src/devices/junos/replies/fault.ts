/** What a device means when it answers with an error instead of data. */
export type FaultKind =
  /** A feature is not switched on: a state, not a failure. */
  | 'not-configured'
  /** The user may not do this. */
  | 'permission'
  /** The device does not know the command or an argument of it. */
  | 'syntax'
  | 'other';

/** An error that the device reported inside of its reply. */
export class ReplyFault extends Error {
  override readonly name = 'ReplyFault';
  readonly kind: FaultKind;

  constructor(message: string) {
    super(message);
    this.kind = kindOf(message);
  }
}

/** A reply that is not what Junos is known to send, or that is not whole. */
export class ReplySurprise extends Error {
  override readonly name = 'ReplySurprise';
}

/**
 * The words of real devices, 12.1X46 to 24.4 (facts: junos, 6). Only the error's own message is looked at: a reply may
 * hold `not configured` as ordinary data.
 */
function kindOf(message: string): FaultKind {
  if (/\bis not (?:enabled|configured)\b/i.test(message)) return 'not-configured';
  if (/permission denied|not authorized|access denied/i.test(message)) return 'permission';
  if (
    /syntax error|unknown command|is ambiguous|no valid completions|missing mandatory argument|invalid (?:numeric )?value/i.test(
      message,
    )
  ) {
    return 'syntax';
  }
  return 'other';
}
