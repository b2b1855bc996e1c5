/** Does the cloud answer, and how far is this machine's clock from its? */

import { Fault } from '../../wire/faults.ts';
import type { Clock } from '../clock/clock.ts';
import { type Facts, given } from './facts.ts';
import { type Finding, fail, failBy, ok, warn } from './finding.ts';

const withinMs = 8_000;
/** The hub trusts no clock that is farther away. */
const mostApartMs = 60_000;
/** The cloud's time is read to the second. */
const roughMs = 5_000;

/** Cloud and clock: the one tells how the other stands. */
export async function checkCloud({ enrolment, status, clock }: Facts): Promise<Finding[]> {
  if (given(enrolment) === undefined) {
    const unknown =
      enrolment === undefined
        ? warn('cloud', 'not known before enrolment', 'doorward hub enroll')
        : warn('cloud', 'not tried: nothing tells its address', 'Mend the enrolment first.');
    return [unknown, clockFinding(status, undefined)];
  }
  const cloud = given(enrolment)?.cloud;
  const asked = cloud === undefined ? undefined : await ask(cloud, clock);
  return [cloudFinding(cloud, asked, given(status)?.online), clockFinding(status, asked)];
}

interface Asked {
  readonly status: number;
  /** This clock minus the cloud's; undefined when it did not say. */
  readonly apartMs?: number;
  readonly why?: string;
}

async function ask(cloud: string, clock: Clock): Promise<Asked> {
  try {
    const response = await fetch(new URL('/health', cloud), {
      signal: AbortSignal.timeout(withinMs),
      redirect: 'manual',
    });
    await response.body?.cancel();
    const said = Date.parse(response.headers.get('date') ?? '');
    return { status: response.status, ...(Number.isNaN(said) ? {} : { apartMs: clock.now() - said }) };
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return { status: 0, why: cause?.code ?? (error as Error).name };
  }
}

function cloudFinding(cloud: string | undefined, asked: Asked | undefined, online: boolean | undefined): Finding {
  if (cloud === undefined || asked === undefined) {
    if (online === true) return ok('cloud', 'the hub is connected with it');
    return warn('cloud', 'its address was not kept when this hub was enrolled', 'Look whether the hub is online.');
  }
  if (asked.status === 0) {
    return fail(
      'cloud',
      'CLOUD_UNREACHABLE',
      `${cloud} cannot be reached: ${asked.why}`,
      'Check cable, router, DNS and firewall.',
    );
  }
  if (asked.status >= 500) {
    return warn('cloud', `${cloud} answers with ${asked.status}: it is not well`, 'Ask the operator.');
  }
  return ok('cloud', `${cloud} answers`);
}

const units = [
  ['years', 365.25 * 86_400_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;

/** In the unit in which it is two or more. */
function lengthOf(ms: number): string {
  const [unit, each] = units.find((one) => ms >= 2 * one[1]) ?? ['s', 1000];
  return `${Math.round(ms / each)} ${unit}`;
}

/** What the running hub says of its clock counts; the distance is shown beside it. */
function clockFinding(status: Facts['status'], asked: Asked | undefined): Finding {
  const fix = 'Have the clock set by authenticated time servers, for example chrony with NTS, and wait for it.';
  const apart = asked?.apartMs;
  const distance =
    apart === undefined ? '' : `, ${lengthOf(Math.abs(apart))} ${apart < 0 ? 'behind' : 'ahead of'} the cloud`;
  if (apart !== undefined && Math.abs(apart) > mostApartMs) {
    return fail('clock', 'CLOCK_DISAGREES', `this clock is wrong${distance}`, fix);
  }
  const hub = given(status);
  if (hub !== undefined && hub.clock !== 'trusted') {
    const waits = hub.clock === 'CLOCK_UNSET';
    const how = waits ? 'It is compared as soon as the hub is connected: see cloud and broker.' : fix;
    return failBy('clock', new Fault(hub.clock as Fault['code'], { do: how }));
  }
  if (apart !== undefined && Math.abs(apart) > roughMs) return warn('clock', `roughly right${distance}`, fix);
  if (hub !== undefined) return ok('clock', `trusted${distance}`);
  if (apart !== undefined) return ok('clock', `agrees with the cloud${distance}`);
  return warn('clock', 'nothing to compare it with: neither a cloud nor a running hub', 'Mend those first.');
}
