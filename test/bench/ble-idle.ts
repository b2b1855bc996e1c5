/**
 * `ble.idle`: what a hub asks of a Nuki in a day without visits, against what the vendor's guidance asks for. One wound clock for the
 * shipped driver with its shipped times, the simulated lock, and a bare client that follows the guidance and does nothing else.
 */
import { quietDay, type Radio } from './ble-day.ts';
import type { BenchResult } from './result.ts';

/** The first look at the log of a lock belongs to no day. */
const bar = 1.05;

const messages = ({ questions, answers }: Radio): number => questions + answers;

/** @param isHeld  whether the bar counts */
export function toRow(name: string, hub: Radio, guidance: Radio, isHeld: boolean): BenchResult {
  const [value, baseline] = [messages(hub), messages(guidance)];
  const ratio = value / baseline;
  const holds = ratio <= bar && hub.connections <= guidance.connections;
  return {
    ...{ name, value, unit: 'messages/d', baseline, ratio },
    ...(isHeld ? { bar, holds } : { bar: null, holds: null }),
    detail: {
      'connections of the hub': hub.connections,
      'connections, guidance': guidance.connections,
      'questions of the hub': hub.questions,
      'questions, guidance': guidance.questions,
      'connected, s': hub.connectedS,
    },
  };
}

export async function run(): Promise<BenchResult[]> {
  const rest = await quietDay({ model: 'gen4', movements: 0 });
  const moved = await quietDay({ model: 'gen4', movements: 10 });
  const app = await quietDay({ model: 'ultra', movements: 0 });
  const movedApp = await quietDay({ model: 'ultra', movements: 10 });
  return [
    toRow('ble.idle', rest.hub, rest.guidance, true),
    toRow('ble.idle.ten-movements', moved.hub, moved.guidance, false),
    toRow('ble.idle.app', app.hub, app.guidance, false),
    toRow('ble.idle.app.ten-movements', movedApp.hub, movedApp.guidance, false),
  ];
}
