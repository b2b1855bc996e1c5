/** H.264 as cameras write it (Annex B: units between start codes), and what decoders and MP4 files ask about it. */

export const unitTypes = { idr: 5, sps: 7, pps: 8, delimiter: 9 } as const;

/** Cuts an access unit into its NAL units, without start codes. @see ITU-T H.264, Annex B */
export function splitUnits(data: Uint8Array): Uint8Array[] {
  const starts: number[] = [];
  for (let at = 2; at < data.length; at += 1) {
    if (data[at] === 1 && data[at - 1] === 0 && data[at - 2] === 0) starts.push(at + 1);
  }
  return starts.map((start, index) => {
    let end = index + 1 < starts.length ? starts[index + 1]! - 3 : data.length;
    while (end > start && data[end - 1] === 0) end -= 1;
    return data.subarray(start, end);
  });
}

export const typeOf = (unit: Uint8Array): number => (unit[0] ?? 0) & 31;

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** The codec string of WebCodecs and RFC 6381, from the sequence parameter set. @returns undefined without one */
export function codecString(data: Uint8Array): string | undefined {
  const sps = splitUnits(data).find((unit) => typeOf(unit) === unitTypes.sps && unit.length >= 4);
  return sps === undefined ? undefined : `avc1.${hex(sps[1]!)}${hex(sps[2]!)}${hex(sps[3]!)}`;
}

/** As MP4 stores it: each unit after its length (4 bytes), parameter sets and delimiters left out. @see ISO/IEC 14496-15 */
export function toLengthPrefixed(data: Uint8Array): Uint8Array {
  const left: number[] = [unitTypes.sps, unitTypes.pps, unitTypes.delimiter];
  const units = splitUnits(data).filter((unit) => unit.length > 0 && !left.includes(typeOf(unit)));
  const out = new Uint8Array(units.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const unit of units) {
    view.setUint32(at, unit.length);
    out.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return out;
}

/** The AVCDecoderConfigurationRecord (`avcC`). @returns undefined without parameter sets. @see ISO/IEC 14496-15 5.3.3.1 */
export function decoderConfig(data: Uint8Array): Uint8Array | undefined {
  const units = splitUnits(data);
  const sps = units.find((unit) => typeOf(unit) === unitTypes.sps && unit.length >= 4);
  const pps = units.find((unit) => typeOf(unit) === unitTypes.pps);
  if (sps === undefined || pps === undefined) return undefined;
  const out = new Uint8Array(11 + sps.length + pps.length);
  const view = new DataView(out.buffer);
  out.set([1, sps[1]!, sps[2]!, sps[3]!, 0xff, 0xe1]);
  view.setUint16(6, sps.length);
  out.set(sps, 8);
  out[8 + sps.length] = 1;
  view.setUint16(9 + sps.length, pps.length);
  out.set(pps, 11 + sps.length);
  return out;
}
