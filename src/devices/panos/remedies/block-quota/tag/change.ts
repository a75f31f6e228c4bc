import { changeTags } from '../../../tags/commands.ts';
import type { Command } from '../../../xml/command.ts';
import type { TagData } from '../action.ts';

/** Registers the subjects for the time of the block; those that carry the tag for too short a time begin anew. */
export function tagChange(data: TagData, vsys: string | undefined): Command {
  const { kind, tag, subjects, renewed, timeoutSeconds } = data;
  return changeTags({ kind, tag, unregister: renewed, register: subjects, timeoutSeconds }, vsys);
}
