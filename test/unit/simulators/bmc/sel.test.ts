import assert from 'node:assert/strict';
import test from 'node:test';
import { CHASSIS_INTRUSION, pciErrorBytes } from '../../../../src/simulators/bmc/event-bytes.ts';
import { recordBytes, Sel } from '../../../../src/simulators/bmc/sel.ts';

test('a record has the bytes that a real board wrote', () => {
  const event = pciErrorBytes('serr', { bus: 0x80, device: 2, function: 2 });
  const bytes = recordBytes({ id: 2, time: 0x5d014c12, event });
  assert.equal(bytes.toString('hex'), '020002124c015d33000413006fa58012');
});

test('a full log that stops loses what comes, and says so', () => {
  const sel = filled({ capacity: 3, whenFull: 'stops' });
  assert.equal(sel.append(CHASSIS_INTRUSION, 4), undefined);
  assert.equal(sel.overflow, true);
  assert.deepEqual(
    sel.records.map(({ id }) => id),
    [1, 2, 3],
  );
});

test('a full log that wraps loses its oldest entry, and ids are used again', () => {
  const sel = filled({ capacity: 3, whenFull: 'wraps', lastId: 4 });
  sel.append(CHASSIS_INTRUSION, 4);
  sel.append(CHASSIS_INTRUSION, 5);
  assert.deepEqual(
    sel.records.map(({ id, time }) => [id, time]),
    [
      [3, 3],
      [4, 4],
      [1, 5],
    ],
  );
  assert.equal(sel.overflow, false);
});

test('ids begin again after a clear, or go on, as firmware differs', () => {
  const anew = filled({ capacity: 3 });
  anew.clear(9);
  assert.equal(anew.append(CHASSIS_INTRUSION, 10)?.id, 1);
  assert.equal(anew.erasedAt, 9);
  const on = filled({ capacity: 3 });
  on.clear(9, false);
  assert.equal(on.append(CHASSIS_INTRUSION, 10)?.id, 4);
});

function filled(options: ConstructorParameters<typeof Sel>[0]): Sel {
  const sel = new Sel(options);
  for (const time of [1, 2, 3]) sel.append(CHASSIS_INTRUSION, time);
  return sel;
}
