/** Root set and issuer set: which keys speak for the cloud. */
import { accept, refuse, type Verdict } from '../../wire/faults.ts';
import { verifyIssuerSet, verifyNextRootSet } from '../../wire/issuer-set.ts';
import type { InForce } from './in-force.ts';
import type { Change } from './taken.ts';

/**
 * Takes the next root set. The issuer set in force has to hold under the new root keys as well, or it goes.
 * @param nowS  the hub's time, seconds
 * @returns ROOT_SET_… when it is refused
 */
export async function takeRootSet(text: string, inForce: InForce, nowS: number): Promise<Verdict<Change>> {
  const { roots, texts } = inForce;
  if (roots === undefined) return refuse('ENROLMENT_MISSING');
  if (text === texts.rootSet) {
    return accept({ taken: { took: 'rootSet', version: roots.version, changed: false } });
  }
  const next = await verifyNextRootSet(text, roots, nowS);
  if (!next.ok) return next;
  const issuers = texts.issuerSet === undefined ? undefined : await verifyIssuerSet(texts.issuerSet, next.value, 0, 0);
  return accept({
    taken: { took: 'rootSet', version: next.value.version, changed: true },
    next: {
      roots: next.value,
      issuers: issuers?.ok ? issuers.value : undefined,
      texts: { ...texts, rootSet: text },
    },
    keep: { rootSet: text },
  });
}

/**
 * Takes an issuer set: the one in force again changes nothing, any other has to be newer.
 * @param nowS  the hub's time, seconds
 * @returns ISSUER_SET_… when it is refused
 */
export async function takeIssuerSet(text: string, inForce: InForce, nowS: number): Promise<Verdict<Change>> {
  const { roots, issuers, texts, floors } = inForce;
  if (roots === undefined) return refuse('ENROLMENT_MISSING');
  if (issuers !== undefined && text === texts.issuerSet) {
    return accept({ taken: { took: 'issuerSet', version: issuers.version, changed: false } });
  }
  const next = await verifyIssuerSet(text, roots, floors.issuerSet + 1, nowS);
  if (!next.ok) return next;
  const { version } = next.value;
  return accept({
    taken: { took: 'issuerSet', version, changed: true },
    next: {
      issuers: next.value,
      floors: { ...floors, issuerSet: version },
      texts: { ...texts, issuerSet: text },
    },
    keep: { issuerSet: text },
  });
}
