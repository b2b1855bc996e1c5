import * as v from 'valibot';
import { DoorFacts } from '../../../wire/enrolment.ts';
import { Versions } from '../../../wire/messages.ts';
import { HubId, Id, Jws, OkpJwk } from '../../../wire/shapes.ts';
import { ownerOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

const HomeView = v.strictObject({
  home: Id,
  hub: HubId,
  online: v.boolean(),
  doors: v.array(DoorFacts),
  versions: v.nullable(Versions),
  /** The cloud's countersignature under the journal so far: the owner's device keeps it. */
  witness: Jws,
  ownerList: Jws,
  hubKey: OkpJwk,
});

/** GET /v1/homes/:home */
export function showHome(app: App, parts: HttpParts): void {
  const schema = {
    summary: 'The home, its hub and its doors.',
    security: [{ dpop: [] }],
    params: v.strictObject({ home: Id }),
    response: { 200: HomeView, default: Problem },
  };
  app.get('/v1/homes/:home', { schema }, async (request) => {
    const { hub } = ownerOf(request);
    const doors = await parts.store.read.hubs.doors.ofHub(hub.id);
    const iat = Math.floor(parts.now() / 1000);
    return {
      home: hub.home,
      hub: hub.id,
      online: hub.online === 1,
      doors: doors.map((door) => JSON.parse(door.facts) as DoorFacts),
      versions: hub.versions === null ? null : (JSON.parse(hub.versions) as Versions),
      witness: await parts.signer.witness({ aud: hub.id, iat, seq: hub.acked_seq, hash: hub.acked_hash }),
      ownerList: hub.owner_list,
      hubKey: JSON.parse(hub.sign_jwk) as OkpJwk,
    };
  });
}
