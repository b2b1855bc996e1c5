/** The camera: what the owner's phone opened, and beside it all that broker and cloud ever had of the same picture. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { StreetTold } from '../told.ts';

const width = 160;
const height = 120;
/** Bytes are looked at less often than pictures: nobody can tell them apart. */
const sealedEveryMs = 400;

/** One gray dot a byte. */
function drawBytes(canvas: HTMLCanvasElement, bytes: Uint8Array): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(width, height);
  for (let dot = 0; dot < width * height; dot += 1) {
    const value = bytes[dot % Math.max(1, bytes.length)] ?? 0;
    image.data.set([value, value, value, 255], dot * 4);
  }
  context.putImageData(image, 0, 0);
}

/** Calls `load` for the newest number, one at a time. */
function useNewest(n: number, load: () => Promise<unknown>): void {
  const [done, setDone] = useState(0);
  const isBusy = useRef(false);
  useEffect(() => {
    if (n === 0 || n === done || isBusy.current) return;
    isBusy.current = true;
    void load()
      .catch(() => undefined)
      .then(() => {
        isBusy.current = false;
        setDone(n);
      });
  }, [n, done, load]);
}

function Opened({ n }: { readonly n: number }) {
  const image = useRef<HTMLImageElement>(null);
  useNewest(n, async () => {
    const next = new Image();
    next.src = `/picture?${n}`;
    await next.decode();
    if (image.current !== null) image.current.src = next.src;
  });
  return <img ref={image} width="640" height="480" alt="The front door, as the camera sees it" />;
}

function Sealed({ n }: { readonly n: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [start, setStart] = useState('');
  useNewest(n, async () => {
    const bytes = new Uint8Array(await (await fetch(`/sealed?${n}`)).arrayBuffer());
    if (canvas.current !== null) drawBytes(canvas.current, bytes);
    setStart([...bytes.subarray(64, 72)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '));
    await new Promise((resolve) => setTimeout(resolve, sealedEveryMs));
  });
  return (
    <>
      <canvas ref={canvas} width={width} height={height} role="img" aria-label="Noise: the same picture, sealed" />
      <code>{start}</code>
    </>
  );
}

export function Film({ told: { film, hasCamera, at } }: { readonly told: StreetTold }) {
  return (
    <section class="card film" aria-labelledby="film-name">
      <header>
        <h2 id="film-name">Camera</h2>
        <p>{film.isLive ? <strong class="live">LIVE</strong> : 'Films a visit, or when the owner looks.'}</p>
      </header>
      {at === 'up' && !hasCamera && <p class="quiet">This street has no camera: the package that draws is not installed.</p>}
      <div class={film.isLive ? 'pictures' : 'pictures old'}>
        <figure>
          {film.n > 0 ? <Opened n={film.n} /> : <div class="dark">asleep</div>}
          <figcaption>the owner’s phone</figcaption>
        </figure>
        <figure>
          {film.n > 0 ? <Sealed n={film.n} /> : <div class="dark">nothing</div>}
          <figcaption>the cloud</figcaption>
        </figure>
      </div>
    </section>
  );
}
