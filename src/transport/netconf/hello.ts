const BASE_1_0 = 'urn:ietf:params:netconf:base:1.0';
const BASE_1_1 = 'urn:ietf:params:netconf:base:1.1';

/** What we say first (RFC 6241 section 8.1): both framings, so that the device chooses. */
export const CLIENT_HELLO =
  `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>` +
  `<capability>${BASE_1_0}</capability><capability>${BASE_1_1}</capability></capabilities></hello>`;

/** What the device said. */
export interface ServerHello {
  readonly chunked: boolean;
  readonly capabilities: readonly string[];
}

/**
 * Reads the device's hello. Junos sends XML comments before it. Undefined when the text holds no whole hello, or one
 * that offers no base version.
 */
export function readHello(text: string): ServerHello | undefined {
  const hello = /<(?:[\w-]+:)?hello[\s>][\s\S]*<\/(?:[\w-]+:)?hello\s*>/.exec(text)?.[0];
  if (hello === undefined) return undefined;
  const capabilities = [...hello.matchAll(/<(?:[\w-]+:)?capability(?:\s[^>]*)?>([^<]*)</g)].map(found =>
    (found[1] ?? '').trim(),
  );
  // Junos with rfc-compliant names the base version by its XML name space and a module as well (24.4).
  const offersBase = capabilities.some(
    name => name === BASE_1_0 || name === BASE_1_1 || name.startsWith('urn:ietf:params:xml:ns:netconf:base:1.0'),
  );
  return offersBase ? { chunked: capabilities.includes(BASE_1_1), capabilities } : undefined;
}
