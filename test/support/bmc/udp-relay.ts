import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** RMCP+ authentication type and payload types (IPMI 2.0, 13.27.3): what stands at bytes 5 and 6 of a packet. */
const RMCP_PLUS = 6;
const RAKP_1 = 0x12;
const RAKP_3 = 0x14;

/** A way to a BMC on which packets are counted, and can be lost. */
export interface UdpRelay {
  /** `ipmi://127.0.0.1:PORT` */
  readonly address: string;
  /** First messages of a login, RAKP 1, each of them one try. */
  readonly logins: number;
  /** Logins that went through to the end, RAKP 3. */
  readonly activations: number;
  /** What the BMC says is lost while this holds; it hears everything. */
  loseAnswersWhile(condition: () => boolean): void;
  /** From now on nothing of the sessions that there are gets through, as when a BMC has forgotten them. */
  forgetSessions(): void;
  close(): Promise<void>;
}

export async function startUdpRelay(target: string): Promise<UdpRelay> {
  const relay = new Relay(Number(new URL(target).port));
  await relay.listen();
  return relay;
}

interface Peer {
  readonly socket: Socket;
  forgotten: boolean;
}

class Relay implements UdpRelay {
  logins = 0;
  activations = 0;
  address = '';
  readonly #targetPort: number;
  readonly #front = createSocket('udp4');
  readonly #peers = new Map<number, Peer>();
  #losing: () => boolean = () => false;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  async listen(): Promise<void> {
    this.#front.on('message', (packet, { port }) => this.#forward(packet, port));
    this.#front.bind(0, '127.0.0.1');
    await once(this.#front, 'listening');
    this.address = `ipmi://127.0.0.1:${this.#front.address().port}`;
  }

  loseAnswersWhile(condition: () => boolean): void {
    this.#losing = condition;
  }

  forgetSessions(): void {
    for (const peer of this.#peers.values()) peer.forgotten = true;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#peers.values()) socket.close();
    await new Promise<void>(resolve => this.#front.close(resolve));
  }

  #forward(packet: Buffer, port: number): void {
    const payload = payloadOf(packet);
    if (payload === RAKP_1) this.logins += 1;
    if (payload === RAKP_3) this.activations += 1;
    const peer = this.#peers.get(port) ?? this.#meet(port);
    if (!peer.forgotten) peer.socket.send(packet, this.#targetPort, '127.0.0.1');
  }

  /** Each ipmitool has a port of its own, and so has its way on to the BMC. */
  #meet(port: number): Peer {
    const peer: Peer = { socket: createSocket('udp4'), forgotten: false };
    peer.socket.on('message', packet => {
      if (!this.#losing()) this.#front.send(packet, port, '127.0.0.1');
    });
    peer.socket.on('error', () => undefined); // Nobody listens at the BMC's port any more.
    this.#peers.set(port, peer);
    return peer;
  }
}

/** Undefined for a packet of IPMI 1.5, which is how a login begins. */
function payloadOf(packet: Buffer): number | undefined {
  return packet[4] === RMCP_PLUS ? (packet[5] ?? 0) & 0x3f : undefined;
}
