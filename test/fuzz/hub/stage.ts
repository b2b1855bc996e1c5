/** What all shots at one home share: the home, the way in, the cloud behind it, who signed what, and what is in force. */
import type { GrantBundle, GrantClaims } from '../../../wire/grant.ts';
import { fromHandoverUri, type HandoverCode, proveHandover } from '../../../wire/handover.ts';
import { newId } from '../../../wire/jws.ts';
import type { RuleBookClaims } from '../../../wire/rule-book.ts';
import type { EcJwk } from '../../../wire/shapes.ts';
import { Ledger } from '../../device/fuzz/ledger.ts';
import { carrierRule, grantClaimsOf, guestRule } from '../../support/keys.ts';
import { HonestCloud } from './cloud.ts';
import { type FuzzHome, openHome, waitFor } from './home.ts';
import { Sender } from './send.ts';

export interface Stage {
  readonly home: FuzzHome;
  readonly send: Sender;
  readonly cloud: HonestCloud;
  readonly ledger: Ledger;
  /** Counts of the hub as the cloud knows them. */
  readonly versions: { ruleBook: number; ownerList: number; retention: number; epoch: number };
}

const day = 86_400;
/** A hub that is not well after so long never will be, ms of this machine's time. */
const patienceMs = 20_000;

export async function openStage(nowS: number): Promise<Stage> {
  const home = await openHome(nowS);
  const versions = { ruleBook: 0, ownerList: 0, retention: 0, epoch: 0 };
  return { home, send: new Sender(home), cloud: new HonestCloud(home), ledger: new Ledger(), versions };
}

/** Rules for every door, one of them with a camera that the door does not have. */
export const ruleBookClaims = ({ home: { cast, doors }, versions }: Stage): RuleBookClaims => {
  const auto = { visits: 1000, camera: 'off' } as const;
  return {
    aud: cast.hubId,
    version: versions.ruleBook + 1,
    iat: cast.nowS,
    exp: cast.nowS + 7 * day,
    rules: [
      ...Object.entries(doors).map(([name, door]) => carrierRule(cast, { ...auto, id: `rule-${name}`, door })),
      carrierRule(cast, { id: 'rule-filmed', camera: 'recorded', visits: 1000 }),
      carrierRule(cast, { ...auto, id: 'rule-ask', consent: 'ask' }),
      guestRule(cast, auto),
    ],
  };
};

/** The claims of a grant that the hub takes at `front`, with what goes with it. */
export const grantClaims = ({ home: { cast }, versions }: Stage, change: Partial<GrantClaims> = {}): GrantClaims =>
  grantClaimsOf(cast, { rule: 'rule-front', delivery: newId(), epoch: versions.epoch, ...change });

export const assignmentClaims = ({ home: { cast } }: Stage, grant: GrantClaims): object => ({
  iss: cast.carrierId,
  aud: cast.hubId,
  jti: newId(),
  iat: cast.nowS - 60,
  nbf: cast.nowS - 60,
  exp: cast.nowS + 3600,
  delivery: grant.delivery,
  door: grant.door,
  cnf: grant.cnf,
});

/** A grant and its assignment, both good. */
export async function goodBundle(stage: Stage, change: Partial<GrantClaims> = {}): Promise<GrantBundle> {
  const { ledger, home } = stage;
  const claims = grantClaims(stage, change);
  const grant = await ledger.sign('grant+jwt', claims, home.cast.issuer);
  const assignment = await ledger.sign('assignment+jwt', assignmentClaims(stage, claims), home.cast.carrier);
  return { grant, assignment };
}

/** Opens a hand-over at the hub, as its installer does. */
export function openHandover({ home }: Stage): HandoverCode {
  const code = fromHandoverUri(home.hub.openHandover().uri);
  if (!code.ok) throw new TypeError(code.code);
  return code.value;
}

/** The owner's phone is pinned, its rules are in force, time and witness agree. @returns what went wrong, if anything */
export async function moveIn(stage: Stage): Promise<string[]> {
  const { home, send, cloud, ledger } = stage;
  const { cast } = home;
  const device = { sign: cast.owner.sign.jwk as EcJwk, seal: cast.owner.seal };
  const code = openHandover(stage);
  const claim = { hub: cast.hubId, device, proof: await proveHandover('phone', code, device) };
  const claimed = await send.request({ op: 'handover.claim', claim });
  if (!claimed.ok) return [`the hand-over failed: ${claimed.code}`];
  stage.versions.ownerList = 1;
  const book = await ledger.sign('rulebook+jwt', ruleBookClaims(stage), cast.owner.sign);
  const taken = await send.request({ op: 'document.put', document: book });
  if (!taken.ok) return [`the rule book was refused: ${taken.code}`];
  stage.versions.ruleBook += 1;
  cloud.answers = true;
  home.bus.connect(false);
  home.bus.connect(true);
  await waitFor(home.clock, () => stage.home.hub.status().refusing === undefined, patienceMs);
  await waitFor(home.clock, () => stage.home.hub.status().clock === 'trusted', patienceMs);
  return (await isWell(stage)) ? [] : ['a fresh home takes no visit'];
}

/** Whether a good grant is taken at the sound door. */
export async function isWell(stage: Stage): Promise<boolean> {
  const prepared = await stage.send.request({ op: 'visit.prepare', bundle: await goodBundle(stage) });
  return prepared.ok || prepared.code === 'DOOR_BUSY';
}
