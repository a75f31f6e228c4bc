import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  alertOf,
  casesOf,
  eventually,
  notificationOf,
  postWebhook,
  prepareGround,
  runCli,
  serveHere,
} from '../support/service.ts';

const DEVICE = 'probe7-bmc';
const REMEDY = 'bmc/collect-evidence';

test('a plan from the command line knows what the service has seen, and moves none of its marks', async t => {
  const ground = await prepareGround({ devices: [DEVICE] });
  t.after(() => ground.clear());
  await ground.configure({ remedies: { [REMEDY]: { mode: 'auto', directory: join(ground.folder, 'evidence') } } });
  const before = await runCli(['plan', REMEDY, DEVICE, '--config.file', ground.configFile]);
  assert.match(before.stdout, /^refused \(backlog\): all 4 PCI errors of probe7-bmc were in its event log/);
  const app = await serveHere(ground);
  t.after(() => app.stop());
  await eventually(
    'the first sight of the log',
    async () =>
      (await (await fetch(`${app.url}/metrics`)).text()).includes(`bmc_sel_entries{device="${DEVICE}"} 17`) ||
      undefined,
  );
  ground.fleet.device(DEVICE)?.makeTrouble({ kind: 'pci-error' });
  const planned = await runCli(['plan', REMEDY, DEVICE, '--config.file', ground.configFile]);
  assert.equal(planned.code, 0, planned.stderr);
  assert.match(planned.stdout, /^collect evidence of 1 PCI error of probe7-bmc\n/);
  await postWebhook(app.url, notificationOf(alertOf({ alertname: 'BmcPciError', device: DEVICE, remedy: REMEDY })));
  const done = await eventually('the case to end', async () =>
    (await casesOf(app.url)).find(subject => subject.endedAt !== undefined),
  );
  assert.equal(done.verdict?.effect, 'effective', JSON.stringify(done));
});
