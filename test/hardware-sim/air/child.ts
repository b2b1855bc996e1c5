/** A scripted peripheral in a process of its own, and the hub's controller on a Unix socket: `child.ts <socket>`. */
import { Air } from '../../../hardware-sim/air/air.ts';
import { Controller } from '../../../hardware-sim/air/controller.ts';
import { serveController } from '../../../hardware-sim/air/socket.ts';
import { scripted } from '../../support/ble.ts';

const air = new Air();
const hub = new Controller(air, { address: '00:00:00:00:00:01' });
const peripheral = await scripted(air, '54:d2:72:00:00:01');
const stop = await serveController(hub, process.argv[2]!);
process.stdin.once('end', async () => {
  await stop();
  await peripheral.device.close();
});
process.stdin.resume();
process.stdout.write('ready\n');
