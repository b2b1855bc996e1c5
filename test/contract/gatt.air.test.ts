import t from 'tap';
import { bleWorld } from '../support/ble.ts';
import { type GattRig, gattContract } from './gatt.ts';

async function onTheAir(): Promise<GattRig> {
  const { adapter, hub, peripherals, close } = await bleWorld();
  return {
    adapter,
    addresses: [peripherals[0].address, peripherals[1].address],
    writes: (at) => peripherals[at].writes,
    faults: {
      shadow: (at, shadow) => peripherals[at].controller.fault({ shadow }),
      failConnects: (at, failConnects) => peripherals[at].controller.fault({ failConnects }),
      latency: (at, latencyMs) => peripherals[at].controller.fault({ latencyMs }),
      hangUp: (at) => peripherals[at].device.disconnect(),
      unplug: () => hub.unplug(),
      plug: () => hub.plug(),
    },
    close,
  };
}

t.test('the link over noble, on the simulated air', (t) => gattContract(t, onTheAir, { faults: true }));
