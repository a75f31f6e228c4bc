import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import type { z } from 'zod';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigError, messageOf, type ConfigProblem } from '../../core/errors.ts';
import { webConfigShape, type TlsShape } from './web-config-shape.ts';

/** How the service listens: a web configuration file as Prometheus's exporters take it, read and checked. */
export interface WebConfig {
  /** Absent: plain HTTP. */
  readonly tls?: WebTls;
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hash by user name. */
  readonly users: ReadonlyMap<string, string>;
  /** The file itself and the files that it names. */
  readonly files: readonly string[];
  /** Changes when one of these files changed on disk. */
  readonly stamp: string;
}

export interface WebTls {
  readonly context: SecureContextOptions;
  readonly clientAuth: TlsShape['client_auth_type'];
  readonly allowedSans: readonly string[];
}

type ProblemAt = (path: readonly PropertyKey[], message: string) => ConfigProblem;

/** Reads and checks the file and the files that it names. Throws ConfigError with every problem at once. */
export async function readWebConfig(file: string): Promise<WebConfig> {
  const text = await read(file, { file, line: 1, column: 1, path: '', message: '' });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problemAt: ProblemAt = (path, message) => {
    const at = lines.linePos(offsetOf(document, path));
    return { file, line: at.line || 1, column: at.col || 1, path: path.map(String).join('.'), message };
  };
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map(error => {
        const at = lines.linePos(error.pos[0]);
        const message = error.message.split('\n')[0] ?? '';
        return { file, line: at.line, column: at.col, path: '', message };
      }),
    );
  }
  const checked = webConfigShape.safeParse(document.toJS() ?? {});
  if (!checked.success) {
    throw new ConfigError(checked.error.issues.flatMap(issue => describeIssue(issue, problemAt)));
  }
  const { tls_server_config: tls, http_server_config: http, basic_auth_users: users } = checked.data;
  const named = [tls?.cert_file, tls?.key_file, tls?.client_ca_file].flatMap(name => name ?? []);
  const files = [file, ...named.map(name => resolve(dirname(file), name))];
  // Stamped before they are read: a change in between is then seen at the next look.
  const stamp = await stampOf(files);
  return {
    ...(tls && { tls: await readTls(tls, file, problemAt) }),
    headers: http?.headers ?? {},
    users: new Map(Object.entries(users ?? {})),
    files,
    stamp,
  };
}

/** Size and time of files, to tell cheaply whether to read them again. */
export async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async name => {
      const facts = await stat(name).catch(() => undefined);
      return facts ? `${name} ${facts.mtimeMs} ${facts.size} ${facts.ino}` : `${name} missing`;
    }),
  );
  return stamps.join('\n');
}

function describeIssue(issue: z.core.$ZodIssue, problemAt: ProblemAt): readonly ConfigProblem[] {
  if (issue.code !== 'unrecognized_keys') return [problemAt(issue.path, issue.message)];
  return issue.keys.map(key => problemAt([...issue.path, key], 'this key is not known, or not offered here'));
}

async function readTls(tls: TlsShape, file: string, problemAt: ProblemAt): Promise<WebTls> {
  const open = (key: 'cert_file' | 'key_file' | 'client_ca_file', name: string) =>
    read(resolve(dirname(file), name), problemAt(['tls_server_config', key], ''));
  const [cert, key, ca] = await Promise.all([
    open('cert_file', tls.cert_file),
    open('key_file', tls.key_file),
    tls.client_ca_file === undefined ? undefined : open('client_ca_file', tls.client_ca_file),
  ]);
  const versions = { minVersion: tls.min_version, maxVersion: tls.max_version };
  const context: SecureContextOptions = { cert, key, ...(ca !== undefined && { ca }), ...versions };
  return { context, clientAuth: tls.client_auth_type, allowedSans: tls.client_allowed_sans };
}

async function read(name: string, problem: ConfigProblem): Promise<string> {
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    throw new ConfigError([{ ...problem, message: `cannot be read: ${messageOf(error)}` }]);
  }
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) ? parent.items.find(item => String(item.key) === String(path[length - 1])) : undefined;
    if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0];
  }
  return 0;
}
