/** Serial ports, Bluetooth, locks, contacts, cameras. */
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSecrets } from '../../device/secrets/open.ts';
import { type Case, type Mend, rewriteDoors, rewriteJson } from './case.ts';
import type { HubSays, World } from './world.ts';

type DoorSays = HubSays['doors'][number];

export function doorCases(world: World): readonly Case[] {
  const { hubConfig, tty, air } = world.paths;
  const { nukiAddress } = world;
  const door = (name: string, isSo: (door: DoorSays) => boolean): Promise<void> =>
    world.hubSays(({ doors }) => doors.some((one) => one.name === name && isSo(one)));
  /** An alarm that somebody has to look at stays, and its door is not idle: the next cases show it too. */
  const well = (): Promise<void> =>
    world.hubSays(({ doors }) =>
      doors.every(({ reachable, heldBy, bolt }) => reachable && (heldBy !== 'nuki' || bolt !== 'unknown')),
    );
  /** A fault of the simulated home, until the hub sees it. */
  const fault =
    (path: string, what: object, name: string, isSo: (door: DoorSays) => boolean) => async (): Promise<Mend> => {
      await world.atDoor(path, what);
      await door(name, isSo);
      return async () => {
        await world.atDoor(path, { ...what, active: false });
        await well();
      };
    };
  const config = (change: Parameters<typeof rewriteDoors>[1]) => async (): Promise<Mend> =>
    rewriteDoors(hubConfig, change);
  const lock = { kind: 'osdp', port: tty, output: 3, contact: { input: 2 }, monitor: { input: 3 } };
  const side = (more: object): object => ({ id: `door-${'s'.repeat(20)}`, name: 'side', lock: { ...lock, ...more } });
  const withSide = (more: object) => config(({ front, garage }) => [front!, garage!, side(more) as never]);
  const whileStopped = (spoil: () => Promise<Mend>) => async (): Promise<Mend> => {
    await world.stopHub();
    const mend = await spoil();
    return async () => {
      await mend();
      await world.startHub();
      await well();
    };
  };

  /** Of a Nuki, which is asked seldom while nobody is at the door: a hub that starts asks it. */
  const nukiFault = (what: object, isSo: (door: DoorSays) => boolean) => async (): Promise<Mend> => {
    const turn = async (active: boolean): Promise<void> => {
      await world.stopHub();
      await world.atDoor('/nukis/front/fault', { ...what, active });
      await world.startHub();
    };
    await turn(true);
    await door('front', isSo);
    return async () => {
      await turn(false);
      await well();
    };
  };
  const cameraFault = (fault: string): (() => Promise<Mend>) =>
    whileStopped(async () => {
      await world.atDoor('/cameras/front/fault', { fault });
      return async () => void (await world.atDoor('/cameras/front/fault', { fault, active: false }));
    });
  const camera = (more: object) => config(({ front, garage }) => [filmed(front!, more), garage!]);
  const filmed = (one: Record<string, unknown>, more: object) => ({
    ...one,
    camera: { ...(one.camera as object), ...more },
  });

  return [
    {
      title: 'Locks that are not paired',
      done: 'The hub runs, and nobody has paired its locks yet.',
      spoil: whileStopped(async () => {
        const secrets = openSecrets(world.paths.hub);
        const line = createHash('sha256').update(tty).digest('hex').slice(0, 12);
        const names = [`osdp-${line}-0-current`, `nuki-${nukiAddress.replaceAll(':', '')}`];
        const kept = await Promise.all(names.map(async (name) => [name, (await secrets.get(name))!] as const));
        for (const name of names) await secrets.remove(name);
        await world.startHub();
        await world.hubSays(({ doors }) => doors.every(({ fault }) => fault !== undefined));
        return async () => {
          await world.stopHub();
          for (const [name, bytes] of kept) await secrets.put(name, bytes);
        };
      }),
    },
    {
      title: 'The serial adapter is unplugged',
      done: 'While the hub runs.',
      spoil: fault('/lines/bus/fault', { fault: 'unplug' }, 'garage', ({ reachable }) => !reachable),
    },
    {
      title: 'The serial port is no serial port',
      done: 'The configuration names a file.',
      spoil: config(({ front, garage }) => [
        front!,
        { ...garage, barrier: { ...(garage!.barrier as object), port: hubConfig } },
      ]),
    },
    {
      title: 'Serial port and Bluetooth adapter may not be used',
      done: 'The hub was given a user of its own, who is not in the group of the port and has no capabilities.',
      as: 'stranger',
      spoil: async () => {
        await world.stopHub();
        const folder = join(dirname(world.paths.root), 'own');
        mkdirSync(folder, { mode: 0o700 });
        chownSync(folder, 65_534, 65_534);
        chmodSync(hubConfig, 0o644);
        const back = rewriteJson(hubConfig, ({ doors }) => ({
          dataDir: folder,
          doors: (doors as object[]).map((one) => ({ ...one, camera: undefined })),
        }));
        return async () => {
          await back();
          rmSync(folder, { recursive: true });
          chmodSync(hubConfig, 0o600);
          await world.startHub();
          await well();
        };
      },
    },
    {
      title: 'The Bluetooth adapter is unplugged',
      done: 'While the hub runs.',
      spoil: async () => {
        await world.atDoor('/air/fault', { fault: 'unplug' });
        await door('front', ({ reachable }) => !reachable);
        return async () => {
          await world.atDoor('/air/fault', { fault: 'unplug', active: false });
          await well();
        };
      },
    },
    {
      title: 'There is no Bluetooth adapter',
      done: 'The hub does not run, and the adapter is not there.',
      spoil: whileStopped(async () => {
        renameSync(air, `${air}.away`);
        return () => renameSync(`${air}.away`, air);
      }),
    },
    {
      title: 'The hub runs without Bluetooth',
      done: 'A Nuki was added by hand to the file of a hub that had none, and the hub was not restarted.',
      spoil: async () => {
        await world.stopHub();
        const back = rewriteDoors(hubConfig, ({ garage }) => [garage!]);
        await world.startHub();
        await back();
        return async () => {
          await world.stopHub();
          await world.startHub();
          await well();
        };
      },
    },
    {
      title: 'A lock out of reach',
      done: 'A lift with steel doors was built between hub and lock, and the hub was restarted.',
      spoil: async () => {
        await world.atDoor('/nukis/front/fault', { fault: 'shadow' });
        await world.stopHub();
        await world.startHub();
        await door('front', ({ fault }) => fault !== undefined);
        return async () => {
          await world.atDoor('/nukis/front/fault', { fault: 'shadow', active: false });
          await world.stopHub();
          await world.startHub();
          await well();
        };
      },
    },
    {
      title: 'A battery that is nearly empty',
      done: 'At 8 percent.',
      spoil: nukiFault({ fault: 'battery-low' }, (one) => one.batteryPercent === 8),
    },
    {
      title: 'A pack on its charger',
      done: 'At 8 percent, and its cable was plugged in.',
      spoil: nukiFault({ fault: 'battery-low', charging: true }, (one) => one.batteryCharging === true),
    },
    {
      title: 'The battery of the keypad',
      done: 'The lock has a keypad, whose battery is nearly empty.',
      spoil: nukiFault({ fault: 'keypad-battery-low' }, (one) => one.keypadBatteryCritical === true),
    },
    {
      title: 'A housing that is open',
      done: 'The tamper switch of the peripheral in the garage.',
      spoil: fault('/lines/bus/fault', { fault: 'tamper' }, 'garage', ({ tampered }) => tampered === true),
    },
    {
      title: 'Two things on one input',
      done: 'A door was added by hand, with an input that another has.',
      spoil: withSide({ monitor: { input: 0 } }),
    },
    {
      title: 'Two doors on one output',
      done: 'The same, with an output that another has.',
      spoil: withSide({ output: 0 }),
    },
    {
      title: 'A strike without a contact',
      done: 'A door was added without one.',
      spoil: withSide({ contact: undefined }),
    },
    {
      title: 'A strike without a monitor',
      done: 'A door was added without one.',
      spoil: withSide({ monitor: undefined }),
    },
    {
      title: 'A barrier without a closed-position input',
      done: 'It was left out.',
      spoil: config(({ front, garage }) => [
        front!,
        { ...garage, barrier: { ...(garage!.barrier as object), contact: undefined } },
      ]),
    },
    {
      title: 'A Nuki without a door sensor',
      done: 'It is not set.',
      spoil: config(({ front, garage }) => [
        { ...front, lock: { ...(front!.lock as object), doorSensor: false } },
        garage!,
      ]),
    },
    {
      title: 'A camera program that is not there',
      done: 'Its name is misspelt.',
      spoil: config(({ front, garage }) => [
        { ...front, camera: { ...(front!.camera as object), command: ['rpicam-vidd', '-o', '-'] } },
        garage!,
      ]),
    },
    {
      title: 'A camera that would not be seen to stand still',
      done: 'It writes H.264, and no raw pictures beside it.',
      spoil: camera({ codec: 'h264', raw: undefined }),
    },
    {
      title: 'A camera that is unplugged',
      done: 'The hub does not run: each camera is tried.',
      spoil: cameraFault('unplug'),
    },
    { title: 'A camera that stands still', done: 'Its driver repeats one picture.', spoil: cameraFault('freeze') },
    {
      title: 'A camera whose raw output is silent',
      done: 'Its program was started without it.',
      spoil: whileStopped(
        config(({ front, garage }) => {
          const { command } = front!.camera as { command: string[] };
          return [filmed(front!, { command: command.slice(0, -1) }), garage!];
        }),
      ),
    },
    {
      title: 'A cut wire',
      done: 'One wire of the contact in the garage is off.',
      spoil: fault(
        '/barriers/garage/fault',
        { fault: 'contact-cut' },
        'garage',
        ({ contact }) => contact === 'unknown',
      ),
    },
    {
      title: 'A contact that is wired the other way round',
      done: 'The contact of the garage says open, and it is closed.',
      spoil: fault(
        '/barriers/garage/fault',
        { fault: 'contact-stuck', at: 'open' },
        'garage',
        ({ contact }) => contact === 'open',
      ),
    },
    {
      title: 'A door sensor that is gone',
      done: 'The door sensor of the Nuki fell off.',
      spoil: nukiFault({ fault: 'door-sensor' }, ({ contact }) => contact === 'unknown'),
    },
    {
      title: 'A lock that is jammed',
      done: 'It says that its motor is blocked.',
      spoil: nukiFault({ fault: 'state-stuck', at: 0xfe }, ({ bolt }) => bolt === 'jammed'),
    },
  ];
}
