/** What is proven of a delivery that is over, checked on this device, and what the household says of it. Loaded when it is shown. */
import { useEffect, useState } from 'preact/hooks';
import * as v from 'valibot';
import { EvidencePack } from '../../../../wire/evidence.ts';
import type { Verdict } from '../../../../wire/faults.ts';
import { type Evidence, verifyEvidence } from '../../../../wire/verify-evidence.ts';
import { type EvidenceWords, sayEvidence } from '../../common/evidence/say.ts';
import { evidenceWords } from '../../common/evidence/words.ts';
import { useApp } from '../app.ts';
import type { Place } from '../home/course.ts';
import type { Delivery } from '../home/known.ts';
import { keepFile } from '../keep-file.ts';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { DisputeCard } from './dispute.tsx';
import { disputeWords } from './dispute-words.ts';

/** Where the hub's seal and the receipt are looked for again, ms: they come a moment after the end. */
const againMs = 3_000;

const Packs = v.object({ packs: v.array(EvidencePack) });

interface Checked {
  readonly pack: EvidencePack;
  readonly verdict: Verdict<Evidence>;
}

async function readChecked({ api, path }: Place, delivery: string): Promise<readonly Checked[] | undefined> {
  const read = await api.call({ method: 'GET', path: `${path}/deliveries/${delivery}/evidence` }, Packs);
  if (!read.ok) return undefined;
  const { packs } = read.value;
  return Promise.all(packs.map(async (pack) => ({ pack, verdict: await verifyEvidence(JSON.stringify(pack)) })));
}

/** As long as a receipt or a seal is missing, it is asked for again. */
function useEvidence(place: Place, delivery: string): readonly Checked[] | undefined {
  const [checked, tell] = useState<readonly Checked[]>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isMine = true;
    const look = async (): Promise<void> => {
      const read = await readChecked(place, delivery);
      if (!isMine) return;
      if (read !== undefined) tell(read);
      const isWhole = read !== undefined && read.length > 0 && read.every(({ pack }) => pack.seal !== undefined);
      if (!isWhole) timer = setTimeout(() => void look(), againMs);
    };
    void look();
    return () => {
      isMine = false;
      clearTimeout(timer);
    };
  }, [place, delivery]);
  return checked;
}

function Attempt({ says, evidence }: { readonly says: EvidenceWords; readonly evidence: Evidence }) {
  const { code } = useApp();
  const { head, who, how, not } = sayEvidence(says, code, evidence);
  const list = (lines: readonly string[]) => (
    <ul class="widens">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
  return (
    <div data-attempt={evidence.receipt.attempt}>
      <h3>{head}</h3>
      <h4>{says.who}</h4>
      <div data-fact="who">{list(who)}</div>
      <h4>{says.how}</h4>
      <div data-fact="how">{list(how)}</div>
      <h4>{says.not}</h4>
      <div data-fact="not">{list(not)}</div>
    </div>
  );
}

function Proven({ place, delivery }: { readonly place: Place; readonly delivery: string }) {
  const says = useWords(evidenceWords);
  const own = useWords(disputeWords);
  const checked = useEvidence(place, delivery);
  if (checked === undefined) return <p class="quiet wait">…</p>;
  const broken = checked.find(({ verdict }) => !verdict.ok)?.verdict;
  const save = (): void => {
    for (const { pack } of checked) {
      const name = `doorward-${pack.receipt.slice(-8).replace(/\W/g, '0')}.json`;
      keepFile(name, 'application/json', [JSON.stringify(pack)]);
    }
  };
  return (
    <section class="card" data-evidence={checked.length}>
      <h2>{says.title}</h2>
      {checked.length === 0 && <p class="quiet">{own.signing}</p>}
      {checked.map(
        ({ pack, verdict }) =>
          verdict.ok && <Attempt key={pack.receipt} says={says} evidence={verdict.value} />,
      )}
      {checked.length > 0 && (
        <>
          {broken?.ok === false ? (
            <p class="trouble" role="status">
              {fill(says.broken, { code: broken.code })}
            </p>
          ) : (
            <p data-whole>{says.whole}</p>
          )}
          <p data-liability>{says.contents}</p>
          <button type="button" class="plain" onClick={save}>
            {own.save}
          </button>
          <p class="quiet">
            {own.saveText}{' '}
            <a href="/evidence/" download="doorward-evidence.html">
              {own.page}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/** @param place  @param delivery  one that is over, or whose time is */
export function AfterAll({ place, delivery }: { readonly place: Place; readonly delivery: Delivery }) {
  return (
    <>
      <DisputeCard place={place} delivery={delivery} />
      <Proven place={place} delivery={delivery.delivery} />
    </>
  );
}
