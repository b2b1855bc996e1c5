/** How the generations differ on the wire, as data (reference 1, 5, 8, 10). */

export type NukiModel = 'gen2' | 'gen4' | 'ultra';

export interface Layout {
  /** `clear`: steps 1 to 10 in clear. `pin`: two sealed messages with the security PIN, no confirmation. */
  readonly pairing: 'clear' | 'pin';
  /** Service and characteristic for pairing. */
  readonly pairingService: string;
  readonly pairingGdio: string;
  readonly pinBytes: 2 | 4;
  readonly statesBytes: 21 | 27;
  readonly configBytes: 74 | 78;
  readonly advancedBytes: 27 | 29 | 31;
  readonly deviceType: number;
  /** Byte of the beacon while nothing is new. */
  readonly beaconPower: number;
  readonly firmware: readonly [number, number, number];
  readonly hardware: readonly [number, number];
  /** Whether it calls a door sensor it cannot read FF; older ones say 4. */
  readonly sensorUnknown: number;
}

const base = '5501-11e4-916c-0800200c9a66'.replaceAll('-', '');

/** @param short  as in `a92ee202`, without its first five digits @returns 32 hexadecimal digits */
const uuid = (short: string): string => `a92ee${short}${base}`;

export const uuids = {
  uninitialised: uuid('000'),
  pairing: uuid('100'),
  pairingGdio: uuid('101'),
  pinPairing: uuid('300'),
  pinPairingGdio: uuid('301'),
  keyturner: uuid('200'),
  gdio: uuid('201'),
  usdio: uuid('202'),
  deviceInformation: '180a',
  serialNumber: '2a25',
  firmware: '2a26',
  hardware: '2a27',
} as const;

const clearPairing = { pairing: 'clear', pairingService: uuids.pairing, pairingGdio: uuids.pairingGdio } as const;
const pinPairing = { pairing: 'pin', pairingService: uuids.pinPairing, pairingGdio: uuids.pinPairingGdio } as const;

export const layouts: Record<NukiModel, Layout> = {
  gen2: {
    ...clearPairing,
    pinBytes: 2,
    statesBytes: 21,
    configBytes: 74,
    advancedBytes: 27,
    deviceType: 0,
    beaconPower: 0xc4,
    firmware: [2, 15, 7],
    hardware: [12, 2],
    sensorUnknown: 4,
  },
  gen4: {
    ...clearPairing,
    pinBytes: 2,
    statesBytes: 27,
    configBytes: 78,
    advancedBytes: 29,
    deviceType: 4,
    beaconPower: 0xc8,
    firmware: [4, 2, 4],
    hardware: [18, 4],
    sensorUnknown: 0xff,
  },
  ultra: {
    ...pinPairing,
    pinBytes: 4,
    statesBytes: 27,
    configBytes: 78,
    advancedBytes: 31,
    deviceType: 5,
    beaconPower: 0xc8,
    firmware: [5, 8, 11],
    hardware: [24, 1],
    sensorUnknown: 0xff,
  },
};
