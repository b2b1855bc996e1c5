/** The air between Bluetooth controllers of one process: who hears whom, and which links there are. */
import type { Controller } from './controller.ts';

/** Reasons and statuses. @see Bluetooth Core 5.4, Vol 1, Part F */
export const ended = { byPeer: 0x13, byUs: 0x16, timeout: 0x08, notEstablished: 0x3e } as const;

/** A link between two controllers. */
export interface AirLink {
  readonly handle: number;
  readonly central: Controller;
  readonly peripheral: Controller;
  readonly supervisionMs: number;
  dying: NodeJS.Timeout | undefined;
}

/** Handles of links. bleno takes 6, as a handle, for the number of its pairing channel, so they begin where common controllers begin. */
const firstHandle = 0x40;
const lastHandle = 0x0eff;

/** How often a controller that advertises is heard. */
const advertEveryMs = 20;

export class Air {
  readonly #controllers = new Set<Controller>();
  readonly #links = new Map<number, AirLink>();
  #nextHandle = firstHandle;
  #beat: NodeJS.Timeout | undefined;

  add(controller: Controller): void {
    this.#controllers.add(controller);
  }

  /** Takes it off the air, links and all. */
  remove(controller: Controller): void {
    this.cut(controller, ended.timeout);
    this.#controllers.delete(controller);
    this.stir();
  }

  /** Number of links now. */
  get links(): number {
    return this.#links.size;
  }

  /** Something began to scan, to advertise or to connect, or ceased to: looks who meets whom, again and again while anyone does. */
  stir(): void {
    const all = [...this.#controllers];
    const busy = all.some((one) => one.advertising) && all.some((one) => one.scanning || one.initiating !== undefined);
    if (!busy) {
      clearInterval(this.#beat);
      this.#beat = undefined;
      return;
    }
    this.#beat ??= setInterval(() => this.#meet(), advertEveryMs);
    setImmediate(() => this.#meet());
  }

  #meet(): void {
    for (const advertiser of this.#controllers) {
      for (const listener of this.#controllers) {
        if (advertiser === listener || !advertiser.advertising) continue;
        if (advertiser.faults.shadow || listener.faults.shadow) continue;
        if (listener.initiating?.address === advertiser.address) this.#join(listener, advertiser);
        else if (listener.scanning) listener.hear(advertiser);
      }
    }
  }

  #join(central: Controller, peripheral: Controller): void {
    const wanted = central.initiating;
    if (wanted === undefined || wanted.addressType !== peripheral.addressType || peripheral.faults.deaf) return;
    central.initiating = undefined;
    const failing = [peripheral, central].find((one) => one.faults.failConnects > 0);
    if (failing !== undefined) {
      failing.faults.failConnects -= 1;
      central.failConnect(ended.notEstablished);
      return;
    }
    const link: AirLink = {
      handle: this.#nextHandle,
      central,
      peripheral,
      supervisionMs: wanted.supervisionMs,
      dying: undefined,
    };
    this.#nextHandle = this.#nextHandle === lastHandle ? firstHandle : this.#nextHandle + 1;
    this.#links.set(link.handle, link);
    peripheral.advertising = false;
    central.joined(link, 0);
    peripheral.joined(link, 1);
    this.stir();
  }

  /** Brings ACL data to the other end, or starts to lose the link. @returns false when there is no such link */
  carry(from: Controller, handle: number, flags: number, data: Buffer): boolean {
    const link = this.#links.get(handle);
    if (link === undefined) return false;
    const to = link.central === from ? link.peripheral : link.central;
    if (from.faults.shadow || to.faults.shadow) this.fade();
    else to.take(handle, flags, data, from.faults.latencyMs);
    return true;
  }

  /** Starts the end of every link that lies in a shadow. */
  fade(): void {
    for (const link of this.#links.values()) {
      const dark = link.central.faults.shadow || link.peripheral.faults.shadow;
      if (!dark || link.dying !== undefined) continue;
      link.dying = setTimeout(() => {
        link.dying = undefined;
        if (link.central.faults.shadow || link.peripheral.faults.shadow) this.#end(link, ended.timeout, ended.timeout);
      }, link.supervisionMs);
    }
  }

  /** One end ends a link. @param reason  told to the other end */
  hangUp(from: Controller, handle: number, reason: number): boolean {
    const link = this.#links.get(handle);
    if (link === undefined) return false;
    const [here, there] = [ended.byUs, reason];
    this.#end(link, link.central === from ? here : there, link.central === from ? there : here);
    return true;
  }

  /** Ends all links of one controller. */
  cut(controller: Controller, reason: number): void {
    for (const link of [...this.#links.values()]) {
      if (link.central === controller || link.peripheral === controller) this.#end(link, reason, reason);
    }
  }

  #end(link: AirLink, toCentral: number, toPeripheral: number): void {
    clearTimeout(link.dying);
    this.#links.delete(link.handle);
    link.central.parted(link.handle, toCentral);
    link.peripheral.parted(link.handle, toPeripheral);
  }
}
