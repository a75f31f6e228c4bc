import { Command, Option } from 'commander';
import { type Store, withLedger } from '../app/ledger.ts';
import { Refusal } from '../core/errors.ts';
import {
  type ConfigOptions,
  configOptions,
  readConfig,
  serviceOf,
  type ServiceOptions,
  serviceOptions,
} from './config-options.ts';
import { caseHeading, caseRow, entryLine, planLines } from './describe-case.ts';
import { type Io, print, printJson } from './io.ts';
import { postToService } from './service-client.ts';
import { table } from './table.ts';

/** `unclog cases`: what was done, refused and is waiting. */
export function casesCommand(io: Io): Command {
  const cases = new Command('cases').description('what was done, what was refused, and what waits for an approval');
  addList(cases, io);
  addShow(cases, io);
  addApprove(cases, io);
  addReject(cases, io);
  addVerify(cases, io);
  return cases;
}

function addList(cases: Command, io: Io): void {
  configOptions(cases.command('list'))
    .description('cases, newest first')
    .option('--device <name>', 'only of this device')
    .option('--remedy <name>', 'only of this remedy')
    .option('--open', 'only cases that are not at rest')
    .addOption(new Option('--limit <n>', 'at most so many').default(50).argParser(Number))
    .option('--json', 'print JSON')
    .action(
      async (
        options: ConfigOptions & { device?: string; remedy?: string; open?: true; limit: number; json?: true },
      ) => {
        const { config } = await readConfig(io, options);
        const { device, remedy, limit } = options;
        const query = {
          limit,
          ...(device === undefined ? {} : { device }),
          ...(remedy === undefined ? {} : { remedy }),
          ...(options.open === undefined ? {} : { open: true }),
        };
        const found = await withLedger(config.store, store => store.cases(query));
        if (options.json) printJson(io, found);
        else print(io, table(caseHeading, found.map(caseRow)));
      },
    );
}

function addShow(cases: Command, io: Io): void {
  configOptions(cases.command('show'))
    .description('one case with its plan and everything that happened')
    .argument('<id>', 'its id, or the beginning of it')
    .option('--json', 'print JSON')
    .action(async (id: string, options: ConfigOptions & { json?: true }) => {
      const { config } = await readConfig(io, options);
      await withLedger(config.store, async store => {
        const subject = await findCase(store, id);
        const entries = await store.entries(subject.id);
        if (options.json) return printJson(io, { case: subject, entries });
        print(io, table(caseHeading, [caseRow(subject)]));
        if (subject.plan) print(io, `\n${planLines(subject.plan).join('\n')}`);
        print(io, `\n${entries.map(entryLine).join('\n')}`);
      });
    });
}

function addApprove(cases: Command, io: Io): void {
  serviceOptions(configOptions(cases.command('approve')))
    .description('let a waiting plan be carried out, if the device still gives the same plan')
    .argument('<id>', 'the case, or the beginning of its id')
    .option('--plan <hash>', 'the plan that was looked at; the one that waits now when absent')
    .action(async (id: string, options: ConfigOptions & ServiceOptions & { plan?: string }) => {
      const { config } = await readConfig(io, options);
      const subject = await withLedger(config.store, store => findCase(store, id));
      const { plan } = subject;
      const planHash = options.plan ?? subject.planHash;
      if (!plan || planHash === undefined)
        throw new Refusal('not-waiting', `case ${subject.id} waits for no approval: it is ${subject.state}`);
      print(io, planLines(plan).join('\n'));
      await postToService(serviceOf(config, options), `/api/v1/cases/${subject.id}/approve`, { planHash });
      print(io, `approved plan ${planHash} of case ${subject.id}`);
    });
}

function addReject(cases: Command, io: Io): void {
  serviceOptions(configOptions(cases.command('reject')))
    .description('refuse a waiting plan')
    .argument('<id>', 'the case, or the beginning of its id')
    .action(async (id: string, options: ConfigOptions & ServiceOptions) => {
      const { config } = await readConfig(io, options);
      const subject = await withLedger(config.store, store => findCase(store, id));
      await postToService(serviceOf(config, options), `/api/v1/cases/${subject.id}/reject`, {});
      print(io, `rejected case ${subject.id}`);
    });
}

function addVerify(cases: Command, io: Io): void {
  configOptions(cases.command('verify'))
    .description("check the ledger's hash chain; exit code 1 when it is broken")
    .option('--json', 'print JSON')
    .action(async (options: ConfigOptions & { json?: true }) => {
      const { config } = await readConfig(io, options);
      const check = await withLedger(config.store, store => store.verifyChain());
      if (options.json) printJson(io, check);
      else if (check.intact) print(io, `intact: ${check.entries} entries, head ${check.head}`);
      else print(io, `BROKEN at entry ${check.brokenAt}: ${check.detail}`);
      if (!check.intact) io.exit(1);
    });
}

/** The case of an id or of an unambiguous beginning of one. Throws Refusal `unknown-case`. */
async function findCase(store: Store, id: string) {
  const exact = await store.case(id);
  if (exact) return exact;
  const alike = (await store.cases({ limit: 10_000 })).filter(subject => id.length >= 4 && subject.id.startsWith(id));
  const [only] = alike;
  if (alike.length === 1 && only) return only;
  throw new Refusal(
    'unknown-case',
    alike.length > 1 ? `${alike.length} cases begin with ${id}` : `there is no case ${id}`,
  );
}
