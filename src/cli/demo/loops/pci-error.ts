import { join } from 'node:path';
import { type DemoLoop, endedWell } from '../loop.ts';

/** A probe chokes and logs a PCI SERR in its BMC's event log; the evidence is saved before anybody resets it. */
export const pciError: DemoLoop = {
  name: 'PCI error',
  device: 'probe7-bmc',
  remedy: 'bmc/collect-evidence',
  policy: folder => ({ mode: 'auto', directory: join(folder, 'evidence'), cooldown: '5s' }),
  breach: device => {
    device.makeTrouble({ kind: 'pci-error', error: 'serr' });
    return 'a PCI SERR at 80:02.2, and the probe stops answering';
  },
  closes: endedWell,
};
