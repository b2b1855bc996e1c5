/** Cloud, clock, broker, and the hub itself. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { run } from '../../hardware-sim/start/process.ts';
import { asItIs, type Case, type Mend, rewriteDoors, rewriteJson } from './case.ts';
import type { World } from './world.ts';

export function networkCases(world: World): readonly Case[] {
  const { hub, hubConfig, cloud, root, logs } = world.paths;
  const enrolment = join(hub, 'enrolment.json');
  const well = (): Promise<void> => world.hubSays(({ online, clock }) => online && clock === 'trusted');
  const restart = async (before?: string): Promise<void> => {
    await world.stopHub();
    await world.startHub(before);
  };
  /** A broker that trusts this CA and shows this certificate, in place of the right one. */
  const brokerWith = async (ca: string, own: string): Promise<Mend> => {
    await world.stop('broker');
    await world.start('broker', [
      ...['--ca', join(ca, 'device-ca.pem'), '--cert', join(own, 'server.pem'), '--key', join(own, 'server.key')],
    ]);
    await world.hubSays(({ online }) => !online);
    return async () => {
      await world.stop('broker');
      await world.start('broker');
      await well();
    };
  };

  return [
    {
      title: 'The cloud cannot be reached',
      done: 'Nothing listens at its address.',
      spoil: async () => {
        await world.stop('cloud');
        return async () => {
          await world.start('cloud');
          await well();
        };
      },
    },
    {
      title: 'The cloud is not well',
      done: 'It answers that it is out of order.',
      spoil: async () => {
        const ill = createServer((_, outgoing) => outgoing.writeHead(503).end());
        await new Promise<void>((done) => ill.listen(0, '127.0.0.1', done));
        const { port } = ill.address() as AddressInfo;
        const back = rewriteJson(enrolment, () => ({ cloud: `http://127.0.0.1:${port}` }));
        return async () => {
          await back();
          ill.close();
        };
      },
    },
    {
      title: 'The address of the cloud was not kept',
      done: 'A hub that was enrolled by an older version, and does not run.',
      spoil: async () => {
        await world.stopHub();
        const back = rewriteJson(enrolment, () => ({ cloud: undefined }));
        return async () => {
          await back();
          await world.startHub();
          await well();
        };
      },
    },
    {
      title: 'The clock is wrong',
      done: 'It is five minutes fast, for the hub as for this command.',
      command: "faketime -f '+5m' doorward doctor",
      spoil: async () => {
        await restart("faketime --exclude-monotonic -f '+5m'");
        await world.hubSays(({ clock }) => clock === 'CLOCK_DISAGREES');
        return async () => {
          await restart();
          await well();
        };
      },
    },
    {
      title: 'The clock is roughly right',
      done: 'It is twenty seconds slow.',
      command: "faketime -f '-20s' doorward doctor",
      spoil: asItIs,
    },
    {
      title: 'The clock was not compared yet',
      done: 'The hub was started while its way to the cloud was cut.',
      spoil: async () => {
        await world.stop('broker');
        await world.stop('cloud');
        await restart();
        return async () => {
          await world.start('broker');
          await world.start('cloud');
          await well();
        };
      },
    },
    {
      title: 'The broker cannot be reached',
      done: 'Nothing listens at its address; the cloud stands.',
      spoil: async () => {
        await world.stop('broker');
        await world.hubSays(({ online }) => !online);
        return async () => {
          await world.start('broker');
          await well();
        };
      },
    },
    {
      title: 'The broker refuses the hub',
      done: 'The broker was set up with the certificates of another cloud.',
      spoil: async () => {
        const other = join(root, 'other-broker');
        await run('doorward-cloud', ['init', '--data', other, '--json'], join(logs, 'other.log'));
        return brokerWith(join(other, 'ca'), join(other, 'broker'));
      },
    },
    {
      title: 'The broker does not know the hub',
      done: 'Its own certificate is right, but it lets in the hubs of another cloud.',
      spoil: () => brokerWith(join(root, 'other-broker', 'ca'), join(cloud, 'broker')),
    },
    {
      title: 'The hub does not run',
      done: 'It was stopped.',
      spoil: async () => {
        await world.stopHub();
        return async () => {
          await world.startHub();
          await well();
        };
      },
    },
    {
      title: 'The hub does not answer',
      done: 'Its process hangs.',
      spoil: async (): Promise<Mend> => {
        world.freeze(await world.service.pid());
        return async () => {
          // To its shell it is a job that was stopped.
          await world.service.begin('fg');
          await well();
        };
      },
    },
    {
      title: 'The hub runs with other doors',
      done: 'A door was renamed and given another id in the file by hand; the hub was not restarted.',
      spoil: async () =>
        rewriteDoors(hubConfig, ({ front, garage }) => [front!, { ...garage, id: `door-${'x'.repeat(20)}` }]),
    },
  ];
}
