import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { read, readYaml, root } from '../support/repository.ts';

/** There is no container engine in most places where tests run: what can be told from the files is told from them. */

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly depends_on?: readonly string[];
  readonly profiles?: readonly string[];
  readonly network_mode?: string;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

/** Where a container has its files from: path inside → path in the repository. */
function mounts(service: Service): ReadonlyMap<string, string> {
  const pairs = (service.volumes ?? []).map(volume => volume.split(':') as [string, string]);
  return new Map(pairs.filter(([from]) => from.startsWith('./')).map(([from, to]) => [to, from.slice(2)]));
}

test('every image is pinned to a version', () => {
  for (const [name, { image }] of services) assert.match(image ?? '', /^[a-z/]+:v?\d+\.\d+\.\d+$/, name);
  assert.match(dockerfile, /^FROM node:24\.\d+\.\d+-[a-z-]+$/m);
});

test('what is mounted from the repository exists, except what the user brings', () => {
  const users = ['config'];
  for (const [name, service] of services) {
    for (const path of mounts(service).values()) {
      assert.ok(users.includes(path) || existsSync(join(root, path)), `${name} mounts ${path}`);
    }
  }
});

test('secrets, volumes and services that are named are there', () => {
  for (const [name, service] of services) {
    for (const secret of service.secrets ?? []) assert.ok(compose.secrets[secret], `${name}: secret ${secret}`);
    for (const other of service.depends_on ?? []) assert.ok(compose.services[other], `${name}: service ${other}`);
    const named = (service.volumes ?? []).map(volume => volume.split(':')[0] ?? '').filter(v => !v.startsWith('.'));
    for (const volume of named) assert.ok(volume in compose.volumes, `${name}: volume ${volume}`);
  }
  for (const { file } of Object.values(compose.secrets)) assert.match(file, /^\.\/secrets\//);
});

test('every token that a configuration reads is given to its container', () => {
  const readers = {
    prometheus: 'prometheus/prometheus.yml',
    alertmanager: 'alertmanager/alertmanager.yml',
    unclog: 'docker/demo.yml',
  };
  for (const [name, file] of Object.entries(readers)) {
    const wanted = new Set([...read(file).matchAll(/\/run\/secrets\/(\w+)/g)].map(match => match[1] ?? ''));
    assert.ok(wanted.size > 0);
    assert.deepEqual([...(compose.services[name]?.secrets ?? [])].sort(), [...wanted].sort(), name);
  }
});

test('addresses in the configurations are those of the services', () => {
  const ports = new Map(services.map(([name, { ports }]) => [name, (ports ?? []).map(port => port.split(':').at(-1))]));
  const texts = [
    'prometheus/prometheus.yml',
    'alertmanager/alertmanager.yml',
    'grafana/provisioning/datasources/prometheus.yml',
  ];
  const found = texts.flatMap(file => [...read(file).matchAll(/\b(unclog|prometheus|alertmanager):(\d+)\b/g)]);
  assert.ok(found.length >= 4);
  for (const [text, host, port] of found) assert.ok(ports.get(host ?? '')?.includes(port), text);
});

test('nothing is open beyond this host unless somebody opens it', () => {
  for (const [name, { ports, read_only }] of services) {
    for (const port of ports ?? []) assert.match(port, /^127\.0\.0\.1:/, name);
    assert.equal(read_only, true, `${name} has a read-only file system`);
  }
});

test('every configuration file that a command names is mounted', () => {
  for (const [name, service] of services) {
    const named = (service.command ?? []).flatMap(word => /--config\.file=(\S+)/.exec(word)?.[1] ?? []);
    for (const path of named) {
      const mount = [...mounts(service)].find(([inside]) => path.startsWith(`${inside}/`));
      assert.ok(mount, `${name}: ${path}`);
      assert.ok(existsSync(join(root, mount[1], path.slice(mount[0].length))), `${name}: ${path}`);
    }
  }
});

test('the simulator runs only in the demo, and only the demo needs it', () => {
  const demo = services.filter(([, { profiles }]) => profiles?.includes('demo')).map(([name]) => name);
  assert.deepEqual(demo, ['simulator']);
  assert.equal(compose.services['simulator']?.network_mode, 'service:unclog');
  for (const [name, { depends_on }] of services) assert.ok(!depends_on?.includes('simulator'), name);
});

test('Grafana finds its dashboards and its source where they are provisioned', () => {
  const grafana = compose.services['grafana'];
  assert.ok(grafana);
  const provider = readYaml('grafana/provisioning/dashboards/unclog.yml') as {
    providers: { options: { path: string } }[];
  };
  for (const { options } of provider.providers) assert.equal(mounts(grafana).get(options.path), 'grafana/dashboards');
  assert.equal(mounts(grafana).get('/etc/grafana/provisioning'), 'grafana/provisioning');
  const { datasources } = readYaml('grafana/provisioning/datasources/prometheus.yml') as {
    datasources: { jsonData: { timeInterval: string } }[];
  };
  const { global } = readYaml('prometheus/prometheus.yml') as { global: { scrape_interval: string } };
  assert.equal(datasources[0]?.jsonData.timeInterval, global.scrape_interval);
});

test('the image is made without development packages, does not run as root, and tells its health', () => {
  assert.match(dockerfile, /npm ci --omit=dev --omit=optional/);
  assert.match(dockerfile, /^USER node$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(match => (match[1] ?? '').split(' '));
  const sent = read('.dockerignore').split('\n');
  for (const path of copied) {
    assert.ok(existsSync(join(root, path)), `${path} is copied`);
    assert.ok(sent.includes(`!${path}`), `${path} is sent to the builder`);
  }
});
