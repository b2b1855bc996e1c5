import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readPhoto } from '../../../cloud-bridge/hint/photo.ts';
import { onlyPicture } from '../../../cloud-bridge/pages/owner/doors/only-picture.ts';

const vector = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../vectors/photo', name));
/** As Chromium's canvas writes them: 96 x 64, with a colour profile. */
const [jpeg, webp] = [vector('chromium.jpg'), vector('chromium.webp')];
const clean = Buffer.from(onlyPicture(jpeg) ?? []);
const why = (bytes: Buffer): unknown => {
  const read = readPhoto(bytes);
  return read.ok ? 'fits' : read.detail?.why;
};
const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const withSegment = (marker: number, body: Buffer): Buffer =>
  Buffer.concat([clean.subarray(0, 2), segment(marker, body), clean.subarray(2)]);
const chunk = (name: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
const riff = (...chunks: Buffer[]): Buffer => {
  const head = Buffer.from('RIFF....WEBP', 'latin1');
  const body = Buffer.concat(chunks);
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
};
/** The picture alone. */
const picture = webp.subarray(webp.indexOf('VP8 '));

t.test('a picture and nothing else fits', async (t) => {
  t.same(readPhoto(clean), { ok: true, value: { type: 'image/jpeg', width: 96, height: 64 } });
  t.same(readPhoto(riff(picture)), { ok: true, value: { type: 'image/webp', width: 96, height: 64 } });
  t.equal(onlyPicture(webp), undefined, 'the page cleans what it encodes itself: JPEG');
  t.same(onlyPicture(clean), new Uint8Array(clean), 'clean stays clean');
});

t.test('whatever tells where, when or with what is refused', async (t) => {
  t.equal(why(jpeg), 'metadata', 'a profile');
  t.equal(why(webp), 'metadata', 'a profile');
  for (const [marker, text] of [
    [0xe1, 'Exif\0\0'],
    [0xe1, 'http://ns.adobe.com/xap/1.0/\0'],
    [0xed, 'Photoshop 3.0\0'],
    [0xfe, 'taken by'],
    [0xe0, 'JFXX\0thumbnail'],
  ] as const) {
    t.equal(why(withSegment(marker, Buffer.from(text))), 'metadata', text);
    t.equal(
      why(Buffer.from(onlyPicture(withSegment(marker, Buffer.from(text)))!)),
      marker === 0xe0 ? 'metadata' : 'fits',
    );
  }
  for (const name of ['EXIF', 'XMP ', 'ICCP', 'ANIM', 'ABCD']) {
    t.equal(why(riff(picture, chunk(name, Buffer.alloc(12)))), 'metadata', name);
  }
  t.equal(why(riff(chunk('VP8X', Buffer.from([0x08, ...Array(9).fill(0)])), picture)), 'metadata', 'it says Exif');
  t.equal(why(Buffer.concat([clean, Buffer.from('and more')])), 'more than a picture');
  t.equal(why(Buffer.concat([riff(picture), Buffer.from('and more')])), 'more than a picture');
});

t.test('what is no picture, too large or cut off is refused, and every cut is survived', async (t) => {
  t.equal(why(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')), 'no JPEG or WebP');
  t.equal(why(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')), 'no JPEG or WebP');
  t.equal(why(Buffer.alloc(0)), 'no JPEG or WebP');
  t.equal(why(Buffer.alloc(120_001)), 'size');
  const frame = clean.indexOf(Buffer.from([0xff, 0xc0]));
  const wide = Buffer.from(clean);
  wide.writeUInt16BE(1601, frame + 7);
  t.equal(why(wide), 'dimensions');
  wide.writeUInt16BE(63, frame + 7);
  t.equal(why(wide), 'dimensions');
  for (const whole of [clean, riff(picture)]) {
    for (let length = 0; length < whole.length; length += 1)
      t.not(why(whole.subarray(0, length)), 'fits', `${length} bytes`);
  }
});
