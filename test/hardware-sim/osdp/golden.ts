/** Bytes of OSDP sessions, from the specification's annex and from implementations that work together. Never from our encoder. */

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase();

/** RND.A and RND.B of all vectors. */
export const rndA = hex('B0B1B2B3B4B5B6B7');
export const rndB = hex('A0A1A2A3A4A5A6A7');

/** Under the default key. */
export const derived = {
  enc: 'BF8DC2A8329ACB8C67C6D0CD9A451682',
  mac1: '5E86C676603BDEE2D8BEAFE178637332',
  mac2: '6FDA86E857777E81132035758239172E',
  client: 'FDE5D2F428EC16312471EA3C02BD7796',
  server: '26D3356E07762D262801FC8E6665A891',
  rMacI: 'B2A30057EB98BA2229EC1F875662B524',
};

/** One exchange: what the controller sends, what the peripheral answers. */
export interface Exchange {
  readonly name: string;
  readonly command: Uint8Array;
  readonly reply: Uint8Array;
}

const exchange = (name: string, command: string, reply: string): Exchange => ({
  name,
  command: hex(command),
  reply: hex(reply),
});

/** One whole session with the default key at address 0; cUID 0A0B0C0102030405, input 0 active, input 1 not. */
export const session: readonly Exchange[] = [
  exchange(
    'CHLNG',
    '53 00 13 00 0C 03 11 00 76 B0 B1 B2 B3 B4 B5 B6 B7 52 32',
    '53 80 2B 00 0C 03 12 00 76 0A 0B 0C 01 02 03 04 05 A0 A1 A2 A3 A4 A5 A6 A7 FD E5 D2 F4 28 EC 16 31 24 71 EA 3C 02 BD 77 96 93 9C',
  ),
  exchange(
    'SCRYPT',
    '53 00 1B 00 0D 03 13 00 77 26 D3 35 6E 07 76 2D 26 28 01 FC 8E 66 65 A8 91 7B DA',
    '53 80 1B 00 0D 03 14 01 78 B2 A3 00 57 EB 98 BA 22 29 EC 1F 87 56 62 B5 24 55 85',
  ),
  exchange('POLL', '53 00 0E 00 0E 02 15 60 74 DD 15 A5 32 77', '53 80 0E 00 0E 02 16 40 43 8E DA 79 0D 4E'),
  exchange(
    'OUT',
    '53 00 1E 00 0F 02 17 68 46 AB CB 9A 35 9F 5A C6 64 0B DF C7 EB 51 D9 3E 94 5C E1 B2 42 91',
    '53 80 0E 00 0F 02 16 40 08 B1 ED E7 BC 6E',
  ),
  exchange(
    'ISTAT',
    '53 00 0E 00 0D 02 15 65 2A C8 B4 B1 18 9F',
    '53 80 1E 00 0D 02 18 49 D0 00 F4 25 38 6C 72 0C 0A 1D CD 4A 3D D1 71 9D 88 51 AA A1 BB E4',
  ),
  exchange(
    'KEYSET',
    '53 00 2E 00 0E 02 17 75 AC 6A 44 0C C7 AB 67 1D F8 3E A0 0A 5D FD 2A C2 3C E1 5C 29 8E 2D 4F 12 42 7C C1 E6 FD 4E D4 5D 4B 5D 0F F0 E7 7E',
    '53 80 0E 00 0E 02 16 40 61 CF 06 23 43 15',
  ),
];

/** The key that the session's KEYSET brings. */
export const newKey = hex('000102030405060708090A0B0C0D0E0F');

export const plain = {
  poll: hex('53 00 08 00 04 60 EB AA'),
  ack: hex('53 80 08 00 04 40 59 AC'),
  id: hex('53 00 09 00 05 61 00 F0 51'),
  idSequence0: hex('53 00 09 00 04 61 00 C0 66'),
  pollWithChecksum: hex('53 01 07 00 00 60 45'),
  idWithChecksum: hex('53 00 08 00 00 61 00 44'),
  comset: hex('53 7F 0D 00 04 6E 00 80 25 00 00 6E 38'),
  comsetWithChecksum: hex('53 7F 0C 00 00 6E 00 80 25 00 00 0F'),
  out: hex('53 01 0C 00 06 68 00 05 32 00 39 37'),
  nak6: hex('53 81 09 00 06 41 06 00 FF'),
};
