/** A reply that is not what Junos is known to send. The session turns it into DeviceSurprise with device and call. */
export class SurpriseInReply extends Error {
  override readonly name = 'SurpriseInReply';
}
