/** The house: front door, garage, courier and parcel as they are, and the bolt as nobody else sees it. */
import type { JSX } from 'preact';
import { type Drawing, frame, leafCorners } from './drawing.ts';
import { useTween } from './tween.ts';

const leafMs = 600;
const boltMs = 1_500;
const walkMs = 2_500;
/** The courier's feet. */
const places = { away: 1_060, front: 640, garage: 352 } as const;
const ground = 392;

const points = (open: number, inset = 0): string =>
  leafCorners(open, inset)
    .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
    .join(' ');

const Parcel = ({ x, y, size = 30 }: { readonly x: number; readonly y: number; readonly size?: number }) => (
  <g class="parcel" transform={`translate(${x} ${y - size * 0.8}) scale(${size / 30})`}>
    <rect width="30" height="24" rx="2" />
    <path d="M12 0h6v24h-6z" />
  </g>
);

function Courier({ at, isWalking, carries }: Drawing['courier']) {
  const x = useTween(places[at] / 1_000, (walkMs * 1_000) / (places.away - places.front)) * 1_000;
  if (x > 1_040) return null;
  return (
    <g class={isWalking ? 'courier walking' : 'courier'} transform={`translate(${x} ${ground})`}>
      <ellipse class="shade" cx="0" cy="2" rx="26" ry="5" />
      <path class="leg one" d="M-6 -46L-8 0" />
      <path class="leg two" d="M6 -46L8 0" />
      <path class="body" d="M-17 -50q-3 -48 17 -50q20 2 17 50z" />
      <path class="stripe" d="M-17 -66h34" />
      <circle class="head" cx="0" cy="-114" r="13" />
      <path class="cap" d="M-14 -116a14 14 0 0128 0zM-22 -116h12z" />
      {carries && <Parcel x={-40} y={-54} size={34} />}
      <path class="arm" d="M-4 -88q-14 12 -22 22" />
    </g>
  );
}

const Stars = () => (
  <g class="stars">
    {[[60, 40], [150, 70], [250, 30], [700, 36], [790, 74], [880, 30], [950, 90], [30, 120], [560, 20]].map(([x, y]) => (
      <circle key={x} cx={x} cy={y} r="1.6" />
    ))}
  </g>
);

const Window = ({ x }: { readonly x: number }) => (
  <g class="window">
    <rect x={x} y="226" width="78" height="78" rx="3" />
    <path d={`M${x + 39} 226v78M${x} 265h78`} />
    <rect class="sill" x={x - 6} y="304" width="90" height="7" rx="2" />
  </g>
);

const Waves = ({ x, y }: { readonly x: number; readonly y: number }) => (
  <path class="waves" d={`M${x} ${y - 8}q6 8 0 16M${x + 7} ${y - 13}q10 13 0 26`} />
);

/** @param height  0 closed .. 1 open */
function Garage({ height, light, sounds, parcel }: { readonly height: number; readonly light: string; readonly sounds: boolean; readonly parcel: boolean }) {
  const up = useTween(height, 4_000);
  const bottom = 372 - up * 140;
  const slats = [0, 1, 2, 3, 4].map((slat) => bottom - slat * 28);
  return (
    <g class="garage">
      <rect class="annex" x="86" y="196" width="268" height="176" />
      <rect class="annex-roof" x="76" y="184" width="288" height="14" rx="3" />
      <rect class="dark" x="116" y="232" width="186" height="140" />
      {parcel && <Parcel x={190} y={372} size={38} />}
      {slats.map((y) => (y > 232 ? <rect key={y} class="slat" x="116" y={Math.max(232, y - 27)} width="186" height={y - Math.max(232, y - 27)} /> : null))}
      <rect class="jamb" x="112" y="228" width="194" height="144" />
      <g>
        <rect class="reader" x="318" y="286" width="20" height="34" rx="4" />
        <circle class={`light ${light}`} cx="328" cy="297" r="5" />
        {sounds && <Waves x={342} y={300} />}
      </g>
    </g>
  );
}

/** The edge of the door from the side: what holds it, and what the contact says. */
function Bolt({ bolt, isMoving, contact, open }: { readonly bolt: number; readonly isMoving: boolean; readonly contact: Drawing['contact']; readonly open: number }) {
  const thrown = useTween(bolt, boltMs);
  const away = open * 34;
  return (
    <g class="lens">
      <path class="leader" d="M572 292L764 178" />
      <circle class="glass" cx="860" cy="132" r="104" />
      <clipPath id="lens">
        <circle cx="860" cy="132" r="102" />
      </clipPath>
      <g clip-path="url(#lens)">
        <rect class="frame-side" x="872" y="20" width="110" height="224" />
        <rect class="hole" x="872" y="116" width="46" height="34" rx="3" />
        <g transform={`translate(${-away} 0)`}>
          <rect class={isMoving ? 'bolt moving' : 'bolt'} x={806 + thrown * 44} y="120" width="62" height="26" rx="4" />
          <rect class="leaf-side" x="740" y="20" width="126" height="224" />
          <rect class="faceplate" x="858" y="92" width="8" height="82" rx="2" />
          <rect class="magnet" x="848" y="60" width="16" height="20" rx="3" />
        </g>
        <rect class={`sensor ${contact}`} x="874" y="60" width="16" height="20" rx="3" />
      </g>
      <circle class="rim" cx="860" cy="132" r="103" />
    </g>
  );
}

function labels({ bolt, isBoltMoving, contact }: Drawing): readonly [string, string] {
  const moves = isBoltMoving ? 'bolt moving' : bolt === 1 ? 'bolt thrown' : 'bolt drawn';
  return [moves, contact === 'cut' ? 'contact cut' : `contact ${contact}`];
}

export function Scene({ of }: { readonly of: Drawing }): JSX.Element {
  const open = useTween(of.leaf, leafMs);
  const [, far] = leafCorners(open, 12);
  const [boltWords, contactWords] = labels(of);
  return (
    <svg class="scene" viewBox="0 0 1000 440" role="img" aria-label={of.says}>
      <defs>
        <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
          <stop class="sky-top" offset="0" />
          <stop class="sky-low" offset="1" />
        </linearGradient>
        <linearGradient id="hall" x1="0" y1="0" x2="1" y2="1">
          <stop class="hall-near" offset="0" />
          <stop class="hall-far" offset="1" />
        </linearGradient>
      </defs>
      <rect width="1000" height="440" fill="url(#sky)" />
      <circle class="sun" cx="168" cy="84" r="34" />
      <Stars />
      <path class="hill" d="M0 372Q140 270 330 330T700 320T1000 300V372Z" />
      <g class="tree">
        <path class="trunk" d="M40 372v-64" />
        <circle cx="40" cy="268" r="34" />
        <circle cx="18" cy="294" r="24" />
        <circle cx="62" cy="296" r="22" />
      </g>
      <rect class="wall" x="340" y="150" width="390" height="222" />
      <path class="roof" d="M318 156L535 36L752 156Z" />
      <circle class="attic" cx="535" cy="112" r="18" />
      <Window x={378} />
      <Window x={622} />
      {of.garage !== undefined && (
        <Garage height={of.garage} light={of.garageLight} sounds={of.garageSounds} parcel={of.parcel === 'garage'} />
      )}
      <g class="camera-eye">
        <path d="M592 176v14" />
        <rect x="582" y="186" width="36" height="18" rx="9" />
        <circle cx="608" cy="195" r="5" />
      </g>
      <rect class="surround" x={frame.left - 8} y={frame.top - 8} width={frame.right - frame.left + 16} height={frame.bottom - frame.top + 8} />
      <rect fill="url(#hall)" x={frame.left} y={frame.top} width={frame.right - frame.left} height={frame.bottom - frame.top} />
      {of.parcel === 'inside' && <Parcel x={532} y={368} size={32} />}
      <polygon class="leaf" points={points(open)} />
      <polygon class="panel" points={points(open, 14)} />
      <circle class={`light ring ${of.light}`} cx={far.x} cy="292" r={6 - open * 2} />
      {of.sounds && <Waves x={584} y={292} />}
      {of.isAlarm && <rect class="halo" x={frame.left - 16} y={frame.top - 16} width={frame.right - frame.left + 32} height={frame.bottom - frame.top + 16} rx="6" />}
      <rect class="step" x="464" y="372" width="126" height="10" rx="2" />
      <rect class="pavement" x="0" y="382" width="1000" height="58" />
      <rect class="mat" x="490" y="376" width="74" height="6" rx="2" />
      {of.parcel === 'mat' && <Parcel x={512} y={378} />}
      <Courier {...of.courier} />
      <Bolt bolt={of.bolt} isMoving={of.isBoltMoving} contact={of.contact} open={open} />
      <text class="lens-text" x="860" y="262" text-anchor="middle">
        {boltWords}
      </text>
      <text class="lens-text quiet" x="860" y="282" text-anchor="middle">
        {contactWords}
      </text>
    </svg>
  );
}
