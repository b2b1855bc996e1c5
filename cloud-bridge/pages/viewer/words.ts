/** What the page says, in one place. */
import { type FaultCode, faults } from '../../../wire/faults.ts';
import { type EntryKind, kinds } from '../../../wire/journal.ts';
import type { At, Shown } from '../owner/video/live.ts';

interface Words {
  readonly badge: string;
  readonly title: string;
  readonly text: string;
}

export const states: { readonly [A in At]: Words } = {
  live: { badge: 'LIVE', title: 'Live', text: 'You see the door as it is now.' },
  connecting: { badge: 'CONNECTING', title: 'Connecting', text: 'Waiting for the first picture.' },
  idle: {
    badge: 'NO CAMERA ON',
    title: 'The camera is off',
    text: 'It films while somebody visits. Press Look to see the door now.',
  },
  stalled: { badge: 'STALLED', title: 'The picture stands still', text: 'No new picture comes. What you see is old.' },
  delayed: { badge: 'DELAYED', title: 'The picture is late', text: 'What you see is older than it should be.' },
  stopped: { badge: 'STOPPED', title: 'The camera has stopped', text: 'This was the last picture.' },
  offline: {
    badge: 'OFFLINE',
    title: 'No connection',
    text: 'This page does not reach the relay. It tries again by itself.',
  },
  tampered: { badge: 'TAMPERED', title: 'Do not trust this picture', text: '' },
};

/** What was done to a stream, for somebody who never heard of one. */
const done: Partial<Record<FaultCode, string>> = {
  VIDEO_KEY_NOT_GENUINE: 'Somebody other than your hub started this video.',
  VIDEO_FRAME_REPLAYED: 'Old pictures were sent again as if they were new.',
  VIDEO_FRAME_MISSING: 'Pictures were left out on their way.',
  VIDEO_FRAME_ALTERED: 'A picture was altered on its way.',
  VIDEO_CHAIN_BROKEN: 'These are not the pictures that your hub signed for.',
  VIDEO_KEY_NOT_FOR_YOU: 'This video is not sealed for this device.',
  HUB_OFFLINE: 'Your hub is not connected.',
  HUB_SILENT: 'Your hub does not answer.',
  CLOUD_SILENT: 'The service does not answer.',
  CAMERA_NOT_LIVE: 'The camera failed, or the hub was restarted.',
};

export const sayFault = (code: FaultCode): string => done[code] ?? faults[code].says;

/** More than this is no delay: the clocks are set differently, ms. */
const apartMs = 3_000;

export function sayState({ at, code, lateMs }: Shown): Words {
  const words = states[at];
  if (at === 'delayed' && lateMs !== undefined && Math.abs(lateMs) >= apartMs) {
    const seconds = Math.round(Math.abs(lateMs) / 1000);
    const text =
      lateMs > 0
        ? `The pictures seem ${seconds} s old. They are held back, or the clock of this device is wrong: set it, then look again.`
        : `The clock of this device is ${seconds} s behind the hub's. Set it, then look again.`;
    return { ...words, text };
  }
  if (at === 'delayed' && lateMs !== undefined)
    return { ...words, text: `What you see is ${(lateMs / 1000).toFixed(1)} s old.` };
  return code === undefined ? words : { ...words, text: `${sayFault(code)}${at === 'tampered' ? ` ${code}` : ''}` };
}

export const sayKind = (kind: string): string => {
  const says = kind in kinds ? kinds[kind as EntryKind].says : kind;
  return says.charAt(0).toUpperCase() + says.slice(1);
};

/** ms since 1970 as the time of day here. */
export const sayTime = (ms: number): string =>
  new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const sayDay = (ms: number): string =>
  new Date(ms).toLocaleString([], {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

/** `m:ss` */
export const sayPlace = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

export const sayBytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
