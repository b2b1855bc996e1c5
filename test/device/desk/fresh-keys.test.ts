import t from 'tap';
import * as v from 'valibot';
import { HubConfig } from '../../../device/config/schema.ts';
import { renewKeys } from '../../../device/desk/fresh-keys.ts';
import { Fault } from '../../../wire/faults.ts';
import { newDoorId } from '../../support/keys.ts';
import { until } from '../../support/until.ts';

const strike = (port: string, output: number): object => ({ kind: 'osdp', port, output });
const { doors } = v.parse(HubConfig, {
  dataDir: '/x',
  doors: [
    { id: newDoorId(), name: 'front', lock: { kind: 'nuki', address: '54:d2:72:00:00:01' } },
    { id: newDoorId(), name: 'side', lock: strike('/x/a', 0) },
    { id: newDoorId(), name: 'garage', barrier: strike('/x/a', 1) },
    { id: newDoorId(), name: 'back', lock: strike('/x/b', 0) },
  ],
});

t.test('each peripheral once, under its own key alone; a Nuki stays as it is', async (t) => {
  const asked: unknown[] = [];
  const keys = renewKeys(doors, async (door, how) => {
    asked.push([door, how]);
    if (door === 'back') throw new Fault('LOCK_COMMAND_EXPIRED');
  });
  await until('all have been tried', () => keys.every(({ at }) => at !== 'waiting'));
  t.same(asked, [
    ['side', { renews: true }],
    ['back', { renews: true }],
  ]);
  t.same(keys, [
    { doors: ['front'], at: 'by-hand' },
    { doors: ['side', 'garage'], at: 'renewed' },
    { doors: ['back'], at: 'kept', code: 'LOCK_COMMAND_EXPIRED' },
  ]);
});
