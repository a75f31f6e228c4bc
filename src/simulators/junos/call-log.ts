/** What was asked of a simulated SRX: tests prove with it what was and was not sent. */
export interface CallRecord {
  /** When it arrived, in ms since the epoch. */
  readonly at: number;
  /** Numbers the connections from 1: equal numbers prove that a connection was reused. */
  readonly connection: number;
  readonly via: 'cli' | 'netconf';
  /** The command as it would be typed. */
  readonly command: string;
  /** As it came: a line of the CLI or the content of an rpc. */
  readonly sent: string;
  /** Whether this is a command that changes the device, whatever came of it. */
  readonly changes: boolean;
  applied: boolean;
  fault?: string;
}
