/**
 * H.264 Annex B as it comes from a pipe -> access units, one whole picture each. Pure.
 *
 * A picture ends where the next one begins: at a slice whose `first_mb_in_slice` is 0, or at a delimiter, SPS, PPS or SEI behind a
 * slice. Nothing in the stream says so earlier, and to wait for it costs one frame of delay, 66 ms at 15 frames/s. `flush.ts` says
 * which pictures can be given out at once.
 *
 * @see ITU-T H.264, 7.4.1.2.3 (where an access unit begins), 7.4.1.2.4 (where its first slice is)
 */
import { FlushRule } from './flush.ts';
import { findStartCode, nalTypes, ParameterSets, roleOf } from './nal.ts';

export interface AccessUnit {
  /** When its first byte was read. */
  readonly atMs: number;
  /** An IDR picture, with SPS and PPS in front: repeated from an earlier one where the encoder sent them only once. */
  readonly key: boolean;
  /** Annex B; a copy. */
  readonly data: Uint8Array;
}

export type AnnexbEvent =
  | ({ readonly is: 'picture' } & AccessUnit)
  /** A picture outgrew the limit. What needs it is dropped too: the next picture is a key picture. */
  | { readonly is: 'too-big' };

/** A picture in the making. It begins at the start of the buffer. */
interface Draft {
  readonly atMs: number;
  slices: number;
  isIdr: boolean;
  hasSps: boolean;
  hasPps: boolean;
  isTooBig: boolean;
  /** Where its last NAL unit begins, behind the start code. */
  nalAt: number;
  /** How many bytes and slices of it were given out before its end was seen. */
  given?: { readonly bytes: number; readonly slices: number };
}

const startCodeBytes = 3;
/** A start code, the header of the NAL unit and the byte that says whether a slice is the first. */
const neededBytes = startCodeBytes + 2;

export class AnnexbSplitter {
  readonly #maxBytes: number;
  readonly #buffer: Uint8Array;
  readonly #sets = new ParameterSets();
  readonly #rule = new FlushRule();
  #end = 0;
  /** Looked through up to here. */
  #seen = 0;
  #draft: Draft | undefined;
  #needsKey = true;

  /** @param maxBytes  largest picture; the splitter holds little more than that */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#buffer = new Uint8Array(maxBytes + 2 * neededBytes);
  }

  /**
   * @param chunk  1..n bytes as one read brought them, cut anywhere
   * @param atMs   when it was read
   * @returns the pictures that it completes, in order. None comes before the first key picture
   */
  push(chunk: Uint8Array, atMs: number): readonly AnnexbEvent[] {
    const found: AnnexbEvent[] = [];
    for (let rest = chunk; rest.length > 0; ) {
      const taken = Math.min(rest.length, this.#buffer.length - this.#end);
      this.#buffer.set(rest.subarray(0, taken), this.#end);
      this.#end += taken;
      rest = rest.subarray(taken);
      this.#scan(found, atMs);
      this.#makeRoom(found);
    }
    this.#giveEarly(found, chunk.length);
    return found;
  }

  #scan(found: AnnexbEvent[], atMs: number): void {
    for (;;) {
      const bytes = this.#buffer.subarray(0, this.#end);
      const code = findStartCode(bytes, this.#seen);
      if (code === -1) {
        this.#seen = Math.max(this.#seen, this.#end - startCodeBytes + 1);
        return;
      }
      this.#seen = code;
      if (code + neededBytes > this.#end) return;
      const header = bytes[code + startCodeBytes]!;
      const role = roleOf(header, bytes[code + startCodeBytes + 1]!);
      this.#endNal(code);
      const isStart = role === 'prefix' || role === 'first-slice';
      if (isStart && (this.#draft === undefined || this.#draft.slices > 0)) this.#begin(found, code, atMs);
      if (this.#draft !== undefined) this.#addNal(this.#draft, header & 0x1f, role !== 'prefix' && role !== 'suffix');
      this.#seen += startCodeBytes;
    }
  }

  /** A picture begins at this start code; the one before ends there. Moves it to the start of the buffer. */
  #begin(found: AnnexbEvent[], code: number, atMs: number): void {
    let end = code;
    while (end > 0 && this.#buffer[end - 1] === 0) end -= 1;
    if (this.#draft !== undefined) this.#close(found, this.#draft, end);
    // A fourth byte of the start code belongs to what follows; further zeros belong to nothing (B.1.1).
    const from = Math.max(end, code - 1);
    this.#buffer.copyWithin(0, from, this.#end);
    this.#end -= from;
    this.#seen -= from;
    this.#draft = { atMs, slices: 0, isIdr: false, hasSps: false, hasPps: false, isTooBig: false, nalAt: 0 };
  }

  #addNal(draft: Draft, type: number, isSlice: boolean): void {
    draft.nalAt = this.#seen + startCodeBytes;
    if (isSlice) draft.slices += 1;
    draft.isIdr ||= type === nalTypes.idr;
    draft.hasSps ||= type === nalTypes.sps;
    draft.hasPps ||= type === nalTypes.pps;
  }

  /** The NAL unit before this start code is whole: keep it if later pictures need it. */
  #endNal(code: number): void {
    const draft = this.#draft;
    if (draft === undefined || draft.nalAt === 0 || draft.isTooBig) return;
    this.#sets.keep(this.#buffer.subarray(draft.nalAt, code));
  }

  #close(found: AnnexbEvent[], draft: Draft, end: number): void {
    if (draft.isTooBig) return;
    const { given } = draft;
    this.#rule.ended(end, draft.slices);
    if (given === undefined) this.#give(found, draft, end);
    else if (given.slices !== draft.slices || !this.#isNalStart(given.bytes, end)) {
      this.#rule.failed();
      this.#give(found, draft, end);
    }
  }

  /** What was given out early was whole: nothing follows it, or NAL units that belong to no slice. */
  #isNalStart(at: number, end: number): boolean {
    return at === end || (this.#buffer[at] === 0 && this.#buffer[at + 1] === 0);
  }

  #giveEarly(found: AnnexbEvent[], chunkBytes: number): void {
    const draft = this.#draft;
    if (draft === undefined || draft.slices === 0 || draft.isTooBig || draft.given !== undefined) return;
    // The last bytes may be the start of a start code, or of a NAL unit that is not read yet.
    if (this.#buffer[this.#end - 1] === 0 || this.#seen + startCodeBytes - 1 !== this.#end) return;
    if (!this.#rule.flushed({ chunkBytes, pictureBytes: this.#end, slices: draft.slices })) return;
    draft.given = { bytes: this.#end, slices: draft.slices };
    this.#give(found, draft, this.#end);
  }

  #give(found: AnnexbEvent[], draft: Draft, end: number): void {
    const key = draft.isIdr;
    if (this.#needsKey && !key) return;
    const data = this.#buffer.slice(0, end);
    const isComplete = !key || (draft.hasSps && draft.hasPps);
    const whole = isComplete ? data : this.#sets.addTo(data);
    // An IDR picture whose parameter sets never came can be decoded by nobody.
    if (whole === undefined) return;
    if (whole.length > this.#maxBytes) {
      this.#needsKey = true;
      found.push({ is: 'too-big' });
      return;
    }
    this.#needsKey = false;
    found.push({ is: 'picture', atMs: draft.atMs, key, data: whole });
  }

  /** Of what is too big, or before the first picture, only the tail is kept, in which a start code of 4 bytes may begin. */
  #makeRoom(found: AnnexbEvent[]): void {
    const draft = this.#draft;
    if (draft !== undefined && !draft.isTooBig) {
      if (this.#end < this.#buffer.length) return;
      draft.isTooBig = true;
      this.#needsKey = true;
      found.push({ is: 'too-big' });
    }
    const from = Math.max(0, Math.min(this.#seen, this.#end) - 1);
    this.#buffer.copyWithin(0, from, this.#end);
    this.#end -= from;
    this.#seen -= from;
  }
}
