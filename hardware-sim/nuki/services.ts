/** The GATT services of a Nuki (reference 2). */
import type { GattService } from './gatt.ts';
import { type Layout, uuids } from './model.ts';
import type { NukiOptions } from './options.ts';

/** The pairing service of its generation, the keyturner service, who it is. */
export function servicesOf(layout: Layout, { nukiId }: Pick<NukiOptions, 'nukiId'>): readonly GattService[] {
  const spoken = (uuid: string) => ({ uuid, properties: ['write', 'indicate'] }) as const;
  const told = (uuid: string, text: string) =>
    ({ uuid, properties: ['read'], value: new TextEncoder().encode(text) }) as const;
  return [
    { uuid: layout.pairingService, characteristics: [spoken(layout.pairingGdio)] },
    { uuid: uuids.keyturner, characteristics: [spoken(uuids.gdio), spoken(uuids.usdio)] },
    {
      uuid: uuids.deviceInformation,
      characteristics: [
        told(uuids.serialNumber, nukiId.toString(16).toUpperCase().padStart(8, '0')),
        told(uuids.firmware, layout.firmware.join('.')),
        told(uuids.hardware, layout.hardware.join('.')),
      ],
    },
  ];
}
