import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { program } from '../../src/cli/programs/program.ts';
import { readYaml, root } from '../support/repository.ts';

const amtool = await program('amtool');
const config = join(root, 'alertmanager/alertmanager.yml');

function receiverOf(...labels: readonly string[]): string {
  const args = ['config', 'routes', 'test', '--config.file', config, ...labels];
  return spawnSync(amtool, args, { encoding: 'utf8' }).stdout.trim();
}

test('amtool accepts the shipped configuration', () => {
  const { status, stdout, stderr } = spawnSync(amtool, ['check-config', config], { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});

test('an alert that names a remedy goes to unclog, every other to people', () => {
  assert.equal(receiverOf('alertname=PanosPacketBufferHigh', 'device=fw', 'remedy=panos/discard-sessions'), 'unclog');
  assert.equal(receiverOf('alertname=Anything', 'remedy=x'), 'unclog');
  assert.equal(
    receiverOf('alertname=UnclogRemedyFailing', 'device=fw', 'about_remedy=panos/discard-sessions'),
    'people',
  );
  assert.equal(receiverOf('alertname=UnclogDown'), 'people');
});

test('unclog gets whole groups, with a token, and no redirect can swallow them', () => {
  interface Config {
    readonly route: { readonly group_by: readonly string[] };
    readonly receivers: readonly { readonly name: string; readonly webhook_configs?: readonly Hook[] }[];
  }
  interface Hook {
    readonly url: string;
    readonly send_resolved: boolean;
    readonly max_alerts: number;
    readonly http_config: { readonly follow_redirects: boolean; readonly authorization: { credentials_file: string } };
  }
  const { route, receivers } = readYaml('alertmanager/alertmanager.yml') as Config;
  assert.deepEqual(route.group_by, ['alertname', 'device']);
  const [hook] = receivers.find(receiver => receiver.name === 'unclog')?.webhook_configs ?? [];
  assert.match(hook?.url ?? '', /\/webhook$/);
  assert.equal(hook?.send_resolved, true);
  assert.equal(hook?.max_alerts, 0);
  assert.equal(hook?.http_config.follow_redirects, false);
  assert.notEqual(hook?.http_config.authorization.credentials_file, undefined);
});
