import { Command, CommanderError } from 'commander';
import { build } from '../app/build.ts';
import { ConfigError, messageOf, UnclogError } from '../core/errors.ts';
import type { Io } from './io.ts';
import { verbs } from './verbs.ts';

/**
 * Runs one command line. Exit codes: 0 done, 1 failed, 2 usage or configuration error. Expected errors are printed as
 * one message; only a bug shows its stack.
 */
export async function run(argv: readonly string[], io: Io): Promise<void> {
  try {
    const root = await program(argv[0] ?? '', io);
    await root.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      io.exit(error.exitCode === 0 ? 0 : 2);
      return;
    }
    const expected = error instanceof UnclogError && error.code !== 'bug';
    io.stderr.write(`unclog: ${expected ? messageOf(error) : stackOf(error)}\n`);
    io.exit(error instanceof ConfigError ? 2 : 1);
  }
}

/** The command line with the verb that was called; with all of them when none was (help, a typing error). */
async function program(called: string, io: Io): Promise<Command> {
  const root = new Command('unclog')
    .description(
      'Watches network appliances for Prometheus and, when an alert fires, does the fix once, within limits.',
    )
    .version(build(io.env).version)
    .showHelpAfterError('(unclog --help lists the commands)');
  const load = Object.hasOwn(verbs, called) ? verbs[called] : undefined;
  const wanted = load ? [load] : called === '--version' ? [] : Object.values(verbs);
  for (const verb of wanted) root.addCommand((await verb())(io));
  quieten(root, io);
  return root;
}

/** Sub commands do not inherit output and exit handling from their parent when they are added ready-made. */
function quieten(command: Command, io: Io): void {
  command.exitOverride().configureOutput({
    writeOut: text => void io.stdout.write(text),
    writeErr: text => void io.stderr.write(text),
  });
  for (const child of command.commands) quieten(child, io);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
