import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A named pipe of our own in a folder that only we can enter, for a program that reads its commands from a file. This
 * process is the only writer: when it closes the pipe, or dies in whatever way, the program meets the end of its file.
 */
export class CommandPipe {
  /** Holds the pipe and the given files. */
  readonly folder: string;
  readonly path: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, path: string, handle: FileHandle) {
    this.folder = folder;
    this.path = path;
    this.#handle = handle;
  }

  /** `files` are put beside it, by their path within the folder. Needs `mkfifo` of coreutils. */
  static async make(files: Readonly<Record<string, string>>): Promise<CommandPipe> {
    const folder = await mkdtemp(join(tmpdir(), 'unclog-commands-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text, { mode: 0o600 });
      }
      const path = join(folder, 'commands');
      await run('mkfifo', ['-m', '600', path]);
      // Open for both ways, because a writer alone would wait here until the program comes to read.
      return new CommandPipe(folder, path, await open(path, constants.O_RDWR | constants.O_NONBLOCK));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async write(text: string): Promise<void> {
    await this.#handle.writeFile(text);
  }

  /** Takes the name away once the program has opened the pipe: a killed process then leaves no file behind. */
  async hide(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The end of the file, for the program. */
  async close(): Promise<void> {
    await this.#handle.close();
    await this.hide();
  }
}
