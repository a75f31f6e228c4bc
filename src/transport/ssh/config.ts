import { z } from 'zod';
import { secretFile, secretFromEnvironment } from '../../core/config-values.ts';

/** How to log in: a private key, an agent, a password; where several are given they are tried in that order. */
const sshCredentials = z
  .strictObject({
    username: z.string().min(1),
    private_key_file: secretFile().optional(),
    passphrase_file: secretFile().optional(),
    passphrase: secretFromEnvironment().optional(),
    password_file: secretFile().optional(),
    password: secretFromEnvironment().optional(),
    /** `true`: the agent that SSH_AUTH_SOCK names; else the path of its socket. */
    agent: z.union([z.literal(true), z.string().min(1)]).optional(),
  })
  .refine(
    found => [found.private_key_file, found.password_file, found.password, found.agent].some(way => way !== undefined),
    'one of private_key_file, password_file, password or agent is needed',
  )
  .refine(found => !(found.password_file && found.password), 'password and password_file exclude each other')
  .refine(found => !(found.passphrase_file && found.passphrase), 'passphrase and passphrase_file exclude each other');

const fingerprint = z
  .string()
  .regex(
    /^SHA256:[A-Za-z0-9+/]{43}=?$/,
    'a fingerprint as ssh-keygen -lf prints it is expected: SHA256: and 43 characters',
  );

/** The keys of a device entry that is reached over SSH; a driver spreads them into its own schema. */
export const sshKeys = {
  credentials: sshCredentials,
  /** Fingerprints of the host keys that are accepted. */
  host_key_sha256: z.union([fingerprint, z.array(fingerprint).min(1)]).optional(),
  /** An OpenSSH known_hosts file. No secret, but it is read together with the configuration, as secrets are. */
  known_hosts_file: secretFile().optional(),
  /** Offers SHA-1 key exchange, ssh-rsa and CBC ciphers as well, for systems that know nothing newer. */
  legacy_algorithms: z.boolean().default(false),
};

export interface SshEntry {
  readonly credentials: z.output<typeof sshCredentials>;
  readonly host_key_sha256?: z.output<(typeof sshKeys)['host_key_sha256']>;
  readonly known_hosts_file?: z.output<(typeof sshKeys)['known_hosts_file']>;
  readonly legacy_algorithms: boolean;
}

/** The message for an entry that says nothing about host keys; undefined when it does. For `refine`. */
export function hostKeyMissing(entry: SshEntry): string | undefined {
  return entry.host_key_sha256 === undefined && entry.known_hosts_file === undefined
    ? 'host_key_sha256 or known_hosts_file is needed: without it anyone in between could answer'
    : undefined;
}
