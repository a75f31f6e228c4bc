import { type PanosClient, type RawReply, texts } from './panos-client.ts';

export interface TagClient {
  /** Sends `payload` as an update; `vsys` names a virtual system. */
  send(payload: string, options?: { readonly member?: number; readonly vsys?: string }): Promise<RawReply>;
  register(address: string, tag: string, options?: TagOptions): Promise<RawReply>;
  unregister(address: string, tag: string, member?: number): Promise<RawReply>;
  /** The first page of addresses with the tag, in the order given by the device. */
  tagged(tag: string, member?: number): Promise<readonly string[]>;
  dynamicAddressGroup(name: string, member?: number): Promise<readonly string[]>;
  userGroup(name: string, member?: number): Promise<readonly string[]>;
}

interface TagOptions {
  readonly timeout?: number;
  readonly persistent?: 0 | 1;
  readonly member?: number;
}

/** Tags over the wire, with XML written by hand: the tests' own idea of what a client sends. */
export function tagClient(client: PanosClient): TagClient {
  const send: TagClient['send'] = (payload, { member = 0, vsys } = {}) => {
    const cmd = `<uid-message><type>update</type><payload>${payload}</payload></uid-message>`;
    return client.call({ type: 'user-id', cmd, ...(vsys === undefined ? {} : { vsys }) }, { member });
  };
  return {
    send,
    register: (address, tag, { member = 0, persistent = 1, timeout = 0 } = {}) => {
      const tags = `<tag><member timeout="${timeout}">${tag}</member></tag>`;
      return send(`<register><entry ip="${address}" persistent="${persistent}">${tags}</entry></register>`, { member });
    },
    unregister: (address, tag, member = 0) => {
      const tags = `<tag><member>${tag}</member></tag>`;
      return send(`<unregister><entry ip="${address}">${tags}</entry></unregister>`, { member });
    },
    tagged: async (tag, member = 0) => {
      const filter = `<tag><entry name="${tag}"/></tag>`;
      const { body } = await client.op(
        `<show><object><registered-ip>${filter}</registered-ip></object></show>`,
        member,
      );
      return attributes(body, 'ip');
    },
    dynamicAddressGroup: async (name, member = 0) => {
      const words = `<dynamic-address-group><name>${name}</name></dynamic-address-group>`;
      return attributes((await client.op(`<show><object>${words}</object></show>`, member)).body, 'name');
    },
    userGroup: async (name, member = 0) => {
      const { body } = await client.op(`<show><user><group><name>${name}</name></group></user></show>`, member);
      return [...body.matchAll(/^\[\d+ *\] (.*)$/gm)].map(match => match[1] ?? '');
    },
  };
}

/** The values of the attribute of every entry, in document order. */
export function attributes(body: string, name: string): readonly string[] {
  return [...body.matchAll(new RegExp(`<entry[^>]*\\b${name}="([^"]*)"`, 'g'))].map(match => match[1] ?? '');
}

/** The message of every entry that failed. */
export function messages(body: string): readonly string[] {
  return attributes(body, 'message');
}

/** The count of a page. */
export function countOf(body: string): number {
  return Number(texts(body, 'count')[0]);
}
