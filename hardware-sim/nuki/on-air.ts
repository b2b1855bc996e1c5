/** A Nuki on the air of a home, on a controller of its own. */
import { type Air, ended } from '../air/air.ts';
import { Controller } from '../air/controller.ts';
import type { SimNuki } from './nuki.ts';
import { nukiPeripheral } from './peripheral.ts';

/** What one ACL packet of such a controller holds. */
const aclBytes = 27;

export interface NukiOnAir {
  readonly nuki: SimNuki;
  readonly controller: Controller;
  /** Out of everybody's reach, or no more; beside what is wrong with the lock itself. */
  shadow(on: boolean): void;
  close(): Promise<void>;
}

export interface OnAirOptions {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly address: string;
  /** Indications carry no more, whatever the MTU. */
  readonly chunkBytes?: number;
}

/** Resolves when it advertises. */
export async function nukiOnAir(air: Air, nuki: SimNuki, { address, ...options }: OnAirOptions): Promise<NukiOnAir> {
  const controller = new Controller(air, { address, aclBytes });
  let isShadowed = false;
  const follow = (): void => {
    const [shadow, deaf] = [isShadowed || !nuki.inReach, !nuki.hasRoom];
    const { faults } = controller;
    if (faults.shadow !== shadow || faults.deaf !== deaf) controller.fault({ shadow, deaf });
  };
  const device = await nukiPeripheral(controller.open, nuki, {
    ...options,
    // As a radio tells of a connection that did not come about.
    refuse: (handle) => void controller.hangUp(handle, ended.notEstablished),
  });
  const stopFollowing = nuki.onChange(follow);
  follow();
  return {
    nuki,
    controller,
    shadow: (on) => {
      isShadowed = on;
      follow();
    },
    close: async () => {
      stopFollowing();
      nuki.close();
      await device.close();
    },
  };
}
