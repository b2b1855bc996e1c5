import * as v from 'valibot';
import { places } from '../../../wire/plan.ts';
import { SandboxDoor, sandboxDoorOf, sandboxHub, sandboxOutcomes } from '../../../wire/sandbox.ts';
import { HubId, OkpJwk } from '../../../wire/shapes.ts';
import { isSandbox } from '../../sandbox/announce.ts';
import { sandboxScripts } from '../../sandbox/scripts.ts';
import { carrierOf } from '../caller.ts';
import type { App, HttpParts } from '../parts.ts';
import { Problem } from '../problem.ts';

/** GET /v1/sandbox: the virtual doors, and the key that signs their receipts. */
export function showSandbox(app: App, parts: HttpParts): void {
  const schema = {
    operationId: 'getSandbox',
    tags: ['carrier'],
    summary: 'The virtual doors of the sandbox, and the key that signs their receipts.',
    security: [{ oauth2: ['deliveries:read'] }],
    response: {
      200: v.strictObject({
        /** Whether your client plays here, and nowhere else. */
        sandbox: v.boolean(),
        doors: v.array(SandboxDoor),
        /** The same, with what happens there. */
        outcomes: v.array(
          v.strictObject({
            door: SandboxDoor,
            says: v.string(),
            /** What `can` has to say for it; empty: it may be left out. */
            can: v.array(v.picklist(places)),
          }),
        ),
        hub: HubId,
        hubKey: OkpJwk,
      }),
      default: Problem,
    },
  };
  app.get('/v1/sandbox', { schema }, async (request) => ({
    sandbox: isSandbox(carrierOf(request)),
    doors: sandboxOutcomes.map(sandboxDoorOf),
    outcomes: sandboxOutcomes.map((outcome) => {
      const { says, order = [] } = sandboxScripts[outcome];
      return { door: sandboxDoorOf(outcome), says, can: [...order] };
    }),
    hub: sandboxHub,
    hubKey: parts.sandboxKey.jwk,
  }));
}
