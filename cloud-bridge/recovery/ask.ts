/** Somebody asks for a device with a recovery code: every owner device is told at once, by the hub, or by the cloud while it is away. */
import { accept, Fault, refuse, type Verdict } from '../../wire/faults.ts';
import { hashOf, peek, thumbprintOf, toVerifyKey } from '../../wire/jws.ts';
import { type RecoveryClaims, recoveryForm, recoveryWaitMs } from '../../wire/recovery.ts';
import type { OkpJwk } from '../../wire/shapes.ts';
import { verifyRecovery } from '../../wire/verify-recovery.ts';
import type { Parts } from '../parts.ts';
import { isOpen } from '../store/recoveries.ts';
import type { Row } from '../store/schema.ts';
import type { Tables } from '../store/store.ts';

type AskParts = Pick<Parts, 'store' | 'mailbox' | 'now'>;

/** A recovery as the one who asked sees it. `untilAt`: until then at least owners can veto, ms. */
export interface RecoveryView {
  readonly recovery: string;
  readonly device: string;
  readonly at: Row<'recovery'>['state'];
  readonly askedAt: number;
  readonly untilAt: number;
}

export const toRecoveryView = ({ id, device, state, asked_at, until_at }: Row<'recovery'>): RecoveryView => ({
  recovery: id,
  device,
  at: state,
  askedAt: Number(asked_at),
  untilAt: Number(until_at),
});

interface Asked {
  readonly claims: RecoveryClaims;
  readonly hub: Row<'hub'>;
  readonly kid: string;
}

/** Whoever has no code of this home learns nothing: there may be no such home, no code, or another. @returns NOT_FOUND */
export async function readRecovery(parts: AskParts, text: string): Promise<Verdict<Asked>> {
  const read = peek(recoveryForm, text);
  if (!read.ok) return refuse('NOT_FOUND');
  const { aud } = read.value.claims;
  const [hub, code] = [await parts.store.read.hubs.find(aud), await parts.store.read.recoveries.code(aud)];
  if (hub === undefined || typeof code?.jwk !== 'string') return refuse('NOT_FOUND');
  const key = await toVerifyKey(JSON.parse(code.jwk) as OkpJwk);
  const verified = await verifyRecovery(text, key, aud);
  return verified.ok ? accept({ claims: verified.value, hub, kid: key.kid }) : refuse('NOT_FOUND');
}

async function keep(
  parts: AskParts,
  tables: Tables,
  { claims, hub, kid }: Asked,
  text: string,
): Promise<Verdict<Row<'document'>>> {
  const { jti: id, device } = claims;
  const known = await tables.recoveries.find(id);
  const others = (await tables.recoveries.ofHub(hub.id, 8)).filter((one) => isOpen(one) && one.id !== id);
  if (others.length > 0) return refuse('RECOVERY_PENDING');
  if (known !== undefined && !isOpen(known)) return refuse('RECOVERY_OVER');
  const at = parts.now();
  const row = { id, hub: hub.id, device: thumbprintOf(device.sign), asked_at: at, until_at: at + recoveryWaitMs };
  if (known === undefined) await tables.recoveries.add({ ...row, state: 'asked' });
  const typ = recoveryForm.typ;
  const document = {
    ...{ hub: hub.id, hash: hashOf(text), typ, kid, text, at },
    version: null,
    about: id,
    exp_s: null,
  };
  return accept(await tables.documents.add(document));
}

/** The hub raises an alarm as soon as it has it; while it is away, this does. Once for each. */
async function tellOwners(parts: AskParts, { claims: { jti: id }, hub }: Asked): Promise<void> {
  await parts.store.write(async ({ recoveries, proofs, events }) => {
    const row = await recoveries.find(id);
    const keepS = Math.floor((parts.now() + recoveryWaitMs) / 1000);
    if (row === undefined || !(await proofs.use(`recovery:${id}`, keepS))) return;
    const data = { recovery: id, device: row.device, untilAt: row.until_at };
    await events.add([{ party: `home:${hub.home}`, type: 'recovery.asked', data, at: parts.now() }]);
  });
}

/**
 * Keeps it for the hub and hands it over; a hub that is away gets it with its next hello.
 * @returns RECOVERY_PENDING or RECOVERY_OVER, or what the hub says
 */
export async function askRecovery(parts: AskParts, asked: Asked, text: string): Promise<Verdict<RecoveryView>> {
  const kept = await parts.store.write((tables) => keep(parts, tables, asked, text));
  if (!kept.ok) return kept;
  if (kept.value.settled !== 'taken') {
    try {
      const answer = await parts.mailbox.hand(kept.value);
      if (!answer.ok) return refuse(answer.code);
    } catch (error) {
      const isAway = error instanceof Fault && (error.code === 'HUB_OFFLINE' || error.code === 'HUB_SILENT');
      if (!isAway) throw error;
      await tellOwners(parts, asked);
    }
  }
  const row = await parts.store.read.recoveries.find(asked.claims.jti);
  return row === undefined ? refuse('NOT_FOUND') : accept(toRecoveryView(row));
}
