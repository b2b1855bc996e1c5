import t from 'tap';
import { picture, readStrip, strip, stripCells } from '../../../hardware-sim/camera/strip.ts';

/** Paints the cells by hand, as the layout says. */
function paint(cells: readonly boolean[], white = 255, black = 0): Uint8Array {
  const { width, height } = picture;
  const rgba = new Uint8Array(width * height * 4).fill(128);
  for (const [cell, isWhite] of cells.entries()) {
    for (let y = strip.y; y < strip.y + strip.cellHeight; y++) {
      for (let x = strip.x + cell * strip.cellWidth; x < strip.x + (cell + 1) * strip.cellWidth; x++) {
        rgba.fill(isWhite ? white : black, (y * width + x) * 4, (y * width + x) * 4 + 3);
      }
    }
  }
  return rgba;
}

const read = (rgba: Uint8Array) => readStrip(rgba, picture.width, picture.height);

t.test('a time is read as it was written', async (t) => {
  for (const time of [0, 1, 255, 256, 1_795_251_647_281, 2 ** 47, 2 ** 48 - 1]) {
    t.equal(read(paint(stripCells(time))), time);
  }
  t.equal(read(paint(stripCells(1_795_251_647_281.9))), 1_795_251_647_281);
  t.equal(read(paint(stripCells(77), 190, 70)), 77, 'faint');
});

t.test('the layout is 48 bits, most significant first, and a CRC-8 that others compute as well', async (t) => {
  const asText = (cells: readonly boolean[]): string => cells.map((one) => (one ? '1' : '0')).join('');
  // CRC-8/SMBUS of "123456" is 0xfd (its check value over "123456789" is F4).
  const time = 0x313233343536;
  t.equal(asText(stripCells(time)), `10${time.toString(2).padStart(48, '0')}${(0xfd).toString(2).padStart(8, '0')}01`);
});

t.test('any single cell that is wrong is noticed, and so is a picture without a strip', async (t) => {
  const cells = stripCells(1_795_251_647_281);
  for (let i = 0; i < cells.length; i++) {
    const wrong = cells.map((one, at) => (at === i ? !one : one));
    t.equal(read(paint(wrong)), undefined, `cell ${i}`);
  }
  t.equal(read(new Uint8Array(picture.width * picture.height * 4)), undefined);
  t.equal(readStrip(new Uint8Array(10), picture.width, picture.height), undefined);
});
