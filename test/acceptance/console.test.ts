import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { planHash } from '../../src/core/action.ts';
import { foldEvent } from '../../src/core/case-fold.ts';
import { systemClock } from '../../src/core/clock.ts';
import { Secret } from '../../src/core/secret.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { listen, type Listening } from '../../src/http/listen.ts';
import { discard, discarded, holding, refused, waitingForApproval } from '../support/cases.ts';
import { stage } from '../support/http.ts';

/** The console as an engineer meets it: a real browser, a real server, and the buttons that matter. */

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .map(findProgram)
  .find(path => path !== undefined);
const missing = 'NOT TESTED: there is no chromium on the PATH (Debian: apt-get install chromium)';
const skip = executablePath === undefined && process.env['CI'] !== 'true' ? missing : false;

const it = stage({ tokens: { operator: new Secret('operator-token') } }, systemClock);
let server: Listening;
let browser: Browser;

before(async () => {
  if (skip !== false) return;
  assert.ok(executablePath !== undefined, missing);
  server = await listen({
    parts: it.parts,
    createApp: createHttpApp,
    address: '127.0.0.1:0',
    configFile: 'unclog.yml',
  });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});

after(async () => {
  if (skip !== false || executablePath === undefined) return;
  await browser.close();
  await server.close();
});

function setTheStage(): void {
  it.remediation.asked.length = 0;
  it.remediation.stories = [
    waitingForApproval('waits'),
    holding('holds', '10.0.0.77', Date.now() + 600_000),
    discarded('done'),
    refused('no', 'cooldown', 'panos/discard-sessions acted 2m ago; the cooldown is 5m'),
  ];
}

/** Opens the console, logs in, hands the page to the story, and fails on any error that the browser reports. */
async function inConsole(story: (page: Page) => Promise<void>, javaScriptEnabled = true): Promise<void> {
  setTheStage();
  const errors: string[] = [];
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  page.on('pageerror', error => errors.push(error.message));
  page.on('console', line => line.type() === 'error' && errors.push(line.text()));
  await page.goto(server.url);
  await page.getByLabel('Operator token').fill('operator-token');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${server.url}/`);
  await story(page);
  await context.close();
  assert.deepEqual(errors, []);
}

test('an engineer logs in, reads the plan and approves exactly that one', { skip }, () =>
  inConsole(async page => {
    const card = page.locator('.approval');
    await card.getByText('request session-discard id 4711 timeout 60 reason unclog on 192.0.2.11').waitFor();
    await card.getByText('1 left alone').click();
    await card.getByText('share 1 %, below 2 %').waitFor();
    await card.getByRole('button', { name: `Approve plan ${planHash(discard)}` }).click();
    await page.waitForURL(`${server.url}/cases/waits`);
    const [asked = ''] = it.remediation.asked;
    assert.ok(asked.startsWith(`approve waits ${planHash(discard)} by operator (console) from `), asked);
  }),
);

test('a block counts down, the page is renewed when something happens, and a button releases', { skip }, () =>
  inConsole(async page => {
    await page.getByText('live', { exact: true }).waitFor();
    await page.locator('#blocks time', { hasText: /^9:5\d$/ }).waitFor();

    const { case: held } = holding('holds', '10.0.0.77', Date.now() + 600_000);
    const event = { type: 'releasing', cause: 'due', by: 'timer' } as const;
    const releasing = foldEvent(held, 'holds', event, Date.now());
    const before = it.remediation.stories;
    it.remediation.stories = before.map(story => (story.case.id === 'holds' ? { ...story, case: releasing } : story));
    it.parts.bus.tell({ kind: 'case', at: Date.now(), case: releasing, event });
    await page.locator('#blocks .pill', { hasText: 'releasing' }).waitFor();

    it.remediation.stories = before;
    it.parts.bus.tell({ kind: 'case', at: Date.now(), case: held, event });
    await page.getByRole('button', { name: 'Release now' }).click();
    await page.waitForURL(`${server.url}/`);
    assert.match(it.remediation.asked[0] ?? '', /^release holds by operator \(console\) from /);
  }),
);

test('refused cases show why, and a case shows its ledger', { skip }, () =>
  inConsole(async page => {
    await page.getByText('panos/discard-sessions acted 2m ago; the cooldown is 5m').waitFor();
    await page.goto(`${server.url}/cases/done`);
    assert.equal(await page.locator('#ledger tbody tr').count(), 6);
  }),
);

test('without a script the buttons do the same', { skip }, () =>
  inConsole(async page => {
    await page.getByRole('button', { name: 'Reject' }).click();
    await page.waitForURL(`${server.url}/cases/waits`);
    assert.match(it.remediation.asked[0] ?? '', /^reject waits by operator \(console\)/);
  }, false),
);

test('logging out shuts the door', { skip }, () =>
  inConsole(async page => {
    await page.getByRole('button', { name: 'log out' }).click();
    await page.waitForURL(`${server.url}/login`);
    await page.goto(server.url);
    await page.getByLabel('Operator token').waitFor();
  }),
);

function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map(folder => join(folder, name)).find(path => existsSync(path));
}
