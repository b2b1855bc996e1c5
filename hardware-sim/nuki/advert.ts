/** What a Nuki says of itself without a connection (reference 1). */
import { concat, Fields } from './bytes.ts';
import { type Layout, uuids } from './model.ts';

export interface NukiAdvert {
  /** AD structures, at most 31 bytes. */
  readonly payload: Uint8Array;
  /** AD structures of the scan response: the name. */
  readonly scanResponse: Uint8Array;
  /** The same, taken apart, for transports that put them together themselves. */
  readonly name: string;
  readonly serviceData?: { readonly uuid: string; readonly bytes: Uint8Array };
  /** Company id and data. */
  readonly manufacturerData?: Uint8Array;
}

export type AdvertMode = 'uninitialised' | 'pairing' | 'door';

const adTypes = { flags: 0x01, name: 0x09, serviceData128: 0x21, manufacturer: 0xff } as const;
const flags = Uint8Array.of(2, adTypes.flags, 0x06);

const structure = (type: number, bytes: Uint8Array): Uint8Array => concat(Uint8Array.of(bytes.length + 1, type), bytes);

/** @param isChanged  state-changed flag: bit 0 of the beacon's last byte */
export function advertOf(mode: AdvertMode, nukiId: number, isChanged: boolean, layout: Layout): NukiAdvert {
  const id = new Fields().u32(nukiId).bytes().reverse();
  const name = `Nuki_${nukiId.toString(16).toUpperCase().padStart(8, '0')}`;
  const scanResponse = structure(adTypes.name, new TextEncoder().encode(name));
  if (mode === 'door') {
    const power = layout.beaconPower | (isChanged ? 1 : 0);
    const uuid = Buffer.from(uuids.keyturner, 'hex');
    const manufacturerData = new Fields().u16(0x004c).u8(0x02, 0x15).raw(uuid).raw(id).u8(power).bytes();
    const payload = concat(flags, structure(adTypes.manufacturer, manufacturerData));
    return { payload, scanResponse, name, manufacturerData };
  }
  const uuid = mode === 'pairing' ? layout.pairingService : uuids.uninitialised;
  const data = concat(new Uint8Array(Buffer.from(uuid, 'hex')).reverse(), id);
  const payload = concat(flags, structure(adTypes.serviceData128, data));
  return { payload, scanResponse, name, serviceData: { uuid, bytes: id } };
}
