import { recordBytes, type Sel, type StoredRecord } from '../sel.ts';

export const WELCOME = `<html><head><script language="JavaScript" type="text/javascript">
<!--
  self.location = "../cgi/url_redirect.cgi?url_name=mainmenu";
-->
</script></head><body></body></html>`;

/** The page that a wrong password leads to, with status 200. */
export function loginPage(): string {
  return '<html><head><title>Login</title></head><body><form action="/cgi/login.cgi" method="post"></form></body></html>';
}

export function topMenu(csrf: string | undefined): string {
  const script = csrf === undefined ? '' : `<script>SmcCsrfInsert ("CSRF_TOKEN", "${csrf}");</script>`;
  return `<html><body><div id="refreshTag"></div>${script}</body></html>`;
}

export function powerInfo(on: boolean): string {
  return `<?xml version="1.0"?>  <IPMI>  <POWER_INFO>  <POWER STATUS="${on ? 'ON' : 'OFF'}"/>  </POWER_INFO>  </IPMI>`;
}

/** The whole number of records is in hex; the records shown may be fewer. */
export function selInfo(sel: Sel, shown: number): string {
  const total = sel.records.length.toString(16).padStart(4, '0');
  const lines = sel.records.slice(0, shown).map(record => `        ${selElement(record)}  `);
  return [
    '<?xml version="1.0"?>  ',
    '<IPMI>  ',
    '    <SEL_INFO>  ',
    `        <SEL TOTAL_NUMBER="${total}"/>  `,
    ...lines,
    '    </SEL_INFO> ',
    '</IPMI>',
  ].join('\n');
}

function selElement(record: StoredRecord): string {
  const time = new Date(record.time * 1_000).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  const [, , , sensorType] = record.event;
  // Only sensors with a record in the sensor repository have a name; what the BIOS logs has none.
  const [name, type] = sensorType === 0x05 ? ['Chassis Intru   ', '6f'] : ['NO Sensor String', 'FF'];
  return `<SEL TIME="${time}" SEL_RD="${recordBytes(record).toString('hex')}" SENSOR_ID="${name}" ERTYPE="${type}"/>`;
}
