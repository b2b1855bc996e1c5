/**
 * `unlock.media`: from "open" to the first byte of OUT while the home's own media link sends pictures as fast as it is let, against
 * the same without pictures, visit by visit in turn. The hub's camera is off: its place on the broker is the sender's.
 */
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ExtendedKeyUsage, PemConverter } from '@peculiar/x509';
import { issue, openAuthority } from '../../cloud-bridge/ca/issue.ts';
import { layoutOf } from '../../cloud-bridge/config/layout.ts';
import type { Street } from '../../hardware-sim/start/street.ts';
import { mediaIdOf } from '../../wire/topics.ts';
import type { Leaf } from '../broker/pki.ts';
import { type Burst, startBurst } from './media-burst.ts';
import { type BenchResult, median, percentile } from './result.ts';
import { openVisits } from './unlock-visits.ts';

/** Samples of each kind; the first few do not count. */
const samples = Number(process.env.DOORWARD_BENCH_BARE_SAMPLES ?? 60);
const warmUps = 6;
/** The first two seconds' worth of pictures pass at once: what is measured is the link at its limit. */
const burstMs = 1_500;
const bar = 1.25;

/** A certificate for the media client of this street's hub, as its cloud would issue it. */
async function mediaLeaf({ paths, owner }: Street): Promise<Leaf> {
  const at = layoutOf(paths.cloud);
  const ca = readFileSync(at.caCertificate, 'utf8');
  const authority = await openAuthority({ certificate: ca, key: readFileSync(at.caKey, 'utf8') });
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const cert = await issue(authority, keys.publicKey, {
    subject: `CN=${mediaIdOf(owner.pinned.hub)}, OU=media`,
    days: 1,
    usage: ExtendedKeyUsage.clientAuth,
    nowMs: Date.now(),
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { ca, cert, key };
}

async function measure(folder: string): Promise<{ quiet: number[]; busy: number[] }> {
  const visits = await openVisits(folder, { baudRate: 115200, pollMs: 1000 });
  const { street } = visits;
  const media = await mediaLeaf(street);
  const burst: Burst = await startBurst({ port: street.settings.brokerPort, hubId: street.owner.pinned.hub, media });
  const [quiet, busy]: [number[], number[]] = [[], []];
  try {
    for (let sample = -warmUps; sample < 2 * samples; sample += 1) {
      const isBusy = sample % 2 !== 0;
      const visit = await visits.next();
      if (isBusy) await burst.go();
      await wait(burstMs);
      const us = await visit.open();
      if (isBusy) await burst.rest();
      if (sample >= 0) (isBusy ? busy : quiet).push(us);
      await visit.end();
    }
  } finally {
    await burst.stop();
    await visits.stop();
  }
  return { quiet, busy };
}

export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(process.cwd(), '.bench-unlock-'));
  try {
    const { quiet, busy } = await measure(folder);
    const [value, baseline] = [median(busy), median(quiet)];
    const ratio = value / baseline;
    const detail = {
      samples: busy.length,
      'p95, us': percentile(busy, 0.95),
      'p95 without pictures, us': percentile(quiet, 0.95),
    };
    return [{ name: 'unlock.media', value, unit: 'us', baseline, ratio, bar, holds: ratio <= bar, detail }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
