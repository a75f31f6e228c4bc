import { z } from 'zod';

/** A path that may be asked of this BMC: replies name paths, and a reply is foreign text. */
export function isResourcePath(path: string): boolean {
  return (
    /^\/redfish\/v1(\/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?$/.test(path) &&
    !path.includes('..')
  );
}

/** What an error reply says, in brackets, or nothing (DSP0266, "Error responses"). */
export function explanationOf(body: Buffer): string {
  const parsed = errorReply.safeParse(parseJson(body));
  if (!parsed.success) return '';
  const [info] = parsed.data.error['@Message.ExtendedInfo'] ?? [];
  const text = [info?.MessageId, info?.Message ?? parsed.data.error.message].filter(part => part !== undefined);
  return text.length === 0 ? '' : ` (${text.join(': ').slice(0, 300)})`;
}

const link = z.object({ '@odata.id': z.string() });

export const serviceRoot = z.object({
  Systems: link,
  Managers: link.optional(),
  Chassis: link.optional(),
});

/** Any collection, with links to its members. */
export const collection = z.object({ Members: z.array(link) });

/** `ComputerSystem`, as far as it is used. */
export const computerSystem = z.object({
  Manufacturer: z.string().nullish(),
  PowerState: z.string().nullish(),
  LogServices: link.optional(),
  Links: z.object({ ManagedBy: z.array(link).optional(), Chassis: z.array(link).optional() }).optional(),
  Actions: z
    .object({
      '#ComputerSystem.Reset': z
        .object({
          target: z.string(),
          'ResetType@Redfish.AllowableValues': z.array(z.string()).optional(),
          '@Redfish.ActionInfo': z.string().optional(),
        })
        .optional(),
    })
    .optional(),
});
export type ComputerSystem = z.output<typeof computerSystem>;

export const withLogServices = z.object({ LogServices: link.optional() });

export const logService = z.object({
  Id: z.string(),
  LogEntryType: z.string().nullish(),
  Entries: link.optional(),
  Actions: z.object({ '#LogService.CollectDiagnosticData': z.object({ target: z.string() }).optional() }).optional(),
});
export type LogService = z.output<typeof logService>;

/** The values that an action's parameter may have (`ActionInfo`). */
export const actionInfo = z.object({
  Parameters: z.array(z.object({ Name: z.string(), AllowableValues: z.array(z.string()).nullish() })),
});

/** One page of log entries; the entries are read one by one. */
export const entriesPage = z.object({
  Members: z.array(z.unknown()),
  'Members@odata.count': z.int().min(0).optional(),
  'Members@odata.nextLink': z.string().optional(),
  '@odata.nextLink': z.string().optional(),
});

/** A log entry that holds collected diagnostic data. */
export const diagnosticEntry = z.object({ AdditionalDataURI: z.string() });

const errorReply = z.object({
  error: z.object({
    message: z.string().optional(),
    '@Message.ExtendedInfo': z
      .array(z.object({ MessageId: z.string().optional(), Message: z.string().optional() }))
      .optional(),
  }),
});

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined; // Error pages of web servers are not JSON.
  }
}
