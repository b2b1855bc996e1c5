/** The people of a rig: operator, owner and dispatch with keys of their own, and rules for every door. */
import type { Clock } from '../../hardware-sim/clock.ts';
import { Dispatch } from '../../hardware-sim/people/carrier.ts';
import { mustHave } from '../../hardware-sim/people/http.ts';
import { type KeptKey, makeSignKey } from '../../hardware-sim/people/keys.ts';
import { Operator } from '../../hardware-sim/people/operator.ts';
import { newOwner, type Owner } from '../../hardware-sim/people/owner.ts';
import { newId } from '../../wire/jws.ts';
import type { Rule } from '../../wire/rule-book.ts';

export interface World {
  readonly base: string;
  readonly clock: Clock;
}

/** A carrier or a service company that the operator let in, its dispatch following its events. */
export interface RigCarrier {
  readonly id: string;
  readonly kind: 'carrier' | 'company';
  readonly key: KeptKey;
  readonly clientSecret: string;
  readonly dispatch: Dispatch;
  close(): void;
}

export async function letCarrierIn(
  operator: Operator,
  world: World,
  kind: RigCarrier['kind'] = 'carrier',
): Promise<RigCarrier> {
  const key = await makeSignKey();
  const { carrier, clientSecret } = mustHave(
    await operator.createCarrier(kind === 'carrier' ? 'Hermes' : 'Blitz Blank', key.jwk, { kind }),
  );
  const dispatch = new Dispatch({ ...world, clientSecret, carrier, key });
  const following = dispatch.follow();
  return {
    id: carrier,
    kind,
    key,
    clientSecret,
    dispatch,
    close: () => {
      following.close();
      dispatch.http.close();
    },
  };
}

/** A new home with a token for its hub. */
export async function makeHome(operator: Operator): Promise<{ home: string; token: string }> {
  const { home } = mustHave(await operator.createHome());
  const { token } = mustHave(await operator.createEnrolmentToken(home));
  return { home, token };
}

/** The owner takes the home over at the hub, and follows its events. */
export async function takeOver(uri: string, world: World): Promise<Owner> {
  const owner = await newOwner(world);
  mustHave(await owner.handover(uri));
  owner.follow();
  return owner;
}

/** One rule a door: this carrier, the days around now. */
export function rulesFor(
  doors: readonly string[],
  carrier: Pick<RigCarrier, 'id' | 'kind' | 'key'>,
  nowMs: number,
  { consent, camera }: Pick<Rule, 'consent' | 'camera'>,
): Rule[] {
  const nowS = Math.floor(nowMs / 1000);
  return doors.map((door) => ({
    id: `rule-${newId()}`,
    door,
    party: { kind: carrier.kind, id: carrier.id, jwk: carrier.key.jwk },
    from: nowS - 3_600,
    until: nowS + 8 * 24 * 3_600,
    visits: 1_000,
    entries: 1,
    camera,
    consent,
  }));
}

export const newOperator = (world: World, token: string): Operator => new Operator({ ...world, token });
