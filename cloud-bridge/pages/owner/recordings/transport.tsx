/** Play, pause, the place in a recording and the pace: by finger and by keyboard. */
import { useRef } from 'preact/hooks';
import { useWords } from '../use-words.ts';
import type { Player } from '../video/player.ts';
import { recordingWords } from './words.ts';

/** `m:ss` */
const sayPlace = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** What a key moves the place by, ms. A slider moves by its step, which is one millisecond here so that every picture can be reached. */
const jumps: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1_000, ArrowDown: -1_000, ArrowRight: 1_000, ArrowUp: 1_000 },
  ...{ PageDown: -10_000, PageUp: 10_000 },
};
const paces = [0.25, 0.5, 1, 2, 4] as const;

export interface Spot {
  readonly atMs: number;
  readonly isPlaying: boolean;
}

export function Transport({ player, spot }: { readonly player: Player | undefined; readonly spot: Spot }) {
  const says = useWords(recordingWords);
  const endMs = player?.durationMs ?? 0;
  /** Where keys lead to, while the picture is still on its way. */
  const wanted = useRef<number | undefined>(undefined);
  const seek = async (atMs: number): Promise<void> => {
    wanted.current = Math.min(endMs, Math.max(0, atMs));
    const mine = wanted.current;
    await player?.seek(mine);
    if (wanted.current === mine) wanted.current = undefined;
  };
  const onKey = (event: KeyboardEvent): void => {
    const by = jumps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    void seek((wanted.current ?? spot.atMs) + by);
  };
  return (
    <div class="transport">
      <button type="button" class="plain small" onClick={() => (spot.isPlaying ? player?.pause() : player?.play())}>
        {spot.isPlaying ? says.pause : says.play}
      </button>
      <input
        type="range"
        min="0"
        max={endMs}
        step="1"
        value={spot.atMs}
        aria-label={says.place}
        aria-valuetext={`${sayPlace(spot.atMs)} / ${sayPlace(endMs)}`}
        onKeyDown={onKey}
        onInput={({ currentTarget }) => void seek(Number(currentTarget.value))}
      />
      <output>{`${sayPlace(spot.atMs)} / ${sayPlace(endMs)}`}</output>
      <select aria-label={says.speed} onChange={({ currentTarget }) => player?.pace(Number(currentTarget.value))}>
        {paces.map((times) => (
          <option key={times} value={times} selected={times === 1}>
            {`${times} ×`}
          </option>
        ))}
      </select>
    </div>
  );
}
