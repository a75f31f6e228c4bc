import { createSocket } from 'node:dgram';

/**
 * Sends one line to a syslog receiver over UDP (RFC 3164, RFC 5426). Resolves when it is on its way; rejects when the
 * receiver's name cannot be resolved or the host refuses to send.
 */
export async function sendSyslog(
  receiver: { readonly host: string; readonly port: number },
  line: string,
): Promise<void> {
  const socket = createSocket(receiver.host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.send(line, receiver.port, receiver.host, error => {
        if (error) reject(error);
        else resolve();
      });
    });
  } finally {
    socket.close();
  }
}
