import { sample, type Metric } from '../../../core/sample.ts';
import type { Collector } from '../../contract.ts';
import type { CapturesSession } from '../session.ts';

const connections: Metric = {
  name: 'captures_tls_connections_total',
  help: 'TLS connections in the captures read so far, by the version that the server chose.',
  kind: 'counter',
  labels: ['version'],
};

const serverConnections: Metric = {
  name: 'captures_tls_server_connections_total',
  help: 'The same by server (address and port); the busiest are shown.',
  kind: 'counter',
  labels: ['server', 'version'],
  limit: 50,
};

const files: Metric = {
  name: 'captures_files_total',
  help: 'Captures read so far: read to the end, or damaged, which counts up to the damage.',
  kind: 'counter',
  labels: ['outcome'],
};

const CADENCE_SECONDS = 30;

/** Shown as 0 before they are met, so that `increase` sees their first connection. */
const USUAL_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** TLS versions in new captures of the folder. In the background: a capture can be large. */
export const tls: Collector<CapturesSession> = {
  name: 'tls',
  cadence: CADENCE_SECONDS,
  metrics: [connections, serverConnections, files],
  collect: async (session, signal) => {
    const tally = await session.tally(signal);
    if (!tally) return [];
    const versions = { ...Object.fromEntries(USUAL_VERSIONS.map(version => [version, 0])), ...tally.versions };
    return [
      ...Object.entries(versions).map(([version, count]) => sample(connections, { version }, count)),
      ...Object.entries(tally.servers).map(([key, count]) => {
        const [server = '', version = ''] = key.split(' ');
        return sample(serverConnections, { server, version }, count);
      }),
      ...Object.entries(tally.outcomes).map(([outcome, count]) => sample(files, { outcome }, count)),
    ];
  },
};
