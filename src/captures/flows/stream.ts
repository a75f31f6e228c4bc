import type { Instant } from '../reading/timestamps.ts';
import { newConversation, newPart, type Conversation, type Part } from './conversation.ts';
import { Flag, Stage, type Direction } from './stage.ts';
import type { FlowTable } from './table.ts';

/** A cursor on one direction of one flow, moved from packet to packet. */
export class Stream {
  readonly table: FlowTable;
  flow = 0;
  direction: Direction = 0;
  /** Fewer bytes than these cannot complete what was found incomplete; 0: that is not known. */
  needed = 0;
  /** When the bytes that are being read began to arrive. */
  /** How many of the bytes that are being read were kept from before. */
  joined = 0;
  since: Instant = { seconds: 0, nanos: 0 };

  constructor(table: FlowTable) {
    this.table = table;
  }

  get stage(): Stage {
    return this.table.columns.stage(this.flow, this.direction);
  }

  set stage(stage: Stage) {
    this.table.columns.setStage(this.flow, this.direction, stage);
  }

  /** Payload bytes of this direction before the ones that are being read. */
  get seen(): number {
    return this.table.columns.seen(this.flow, this.direction);
  }

  /** Where in the stream the bytes that are being read begin. */
  get position(): number {
    return this.seen - this.joined;
  }

  get other(): Direction {
    return this.direction === 0 ? 1 : 0;
  }

  /** What is kept of the flow, or undefined while nothing was found in it. */
  get known(): Conversation | undefined {
    return this.table.columns.conversations[this.flow];
  }

  get conversation(): Conversation {
    const { conversations } = this.table.columns;
    return (conversations[this.flow] ??= newConversation());
  }

  get part(): Part {
    return (this.conversation.parts[this.direction] ??= newPart());
  }

  has(flag: number): boolean {
    return (this.table.columns.flags(this.flow) & flag) !== 0;
  }

  /** True when this direction is known to send HTTP requests. */
  get isHttp(): boolean {
    return this.has(Flag.Http << this.direction);
  }

  set isHttp(value: boolean) {
    const { columns } = this.table;
    const flags = columns.flags(this.flow);
    const bit = Flag.Http << this.direction;
    columns.setFlags(this.flow, value ? flags | bit : flags & ~bit);
  }

  closeOther(): void {
    this.table.columns.setStage(this.flow, this.other, Stage.Closed);
  }

  /** Looks at the other direction (again), from its next byte on. */
  reopenOther(): void {
    const { columns } = this.table;
    if (columns.stage(this.flow, this.other) !== Stage.Closed) return;
    columns.setStage(this.flow, this.other, Stage.Open);
    columns.setSeen(this.flow, this.other, 0);
    columns.setFlags(this.flow, columns.flags(this.flow) & ~(Flag.NextKnown << this.other));
  }

  /** Takes both directions for new streams: a tunnel begins here. */
  startOver(): void {
    this.isHttp = false;
    this.table.columns.setSeen(this.flow, this.direction, 0);
    this.reopenOther();
  }
}
