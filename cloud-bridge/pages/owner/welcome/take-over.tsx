/** Where a device takes a home over: what happens is said before it happens, and how it went after. */
import type { FaultCode } from '../../../../wire/faults.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Stage } from '../home/known.ts';
import { go } from '../route.ts';
import { useWords } from '../use-words.ts';
import { handoverWords } from './handover-words.ts';
import { TypedCode } from './typed-code.tsx';

type Words = (typeof handoverWords)['en'];

/** Why a home was not taken over, and what to do next. */
function reasonOf(says: Words, code: FaultCode): string {
  if (code === 'HANDOVER_CLOSED') return says.closed;
  if (code === 'HANDOVER_MALFORMED') return says.cut;
  if (code === 'HANDOVER_NOT_GENUINE' || code.startsWith('OWNER_LIST_')) return says.swapped;
  if (code === 'HUB_OFFLINE' || code === 'HUB_SILENT') return says.hubAway;
  if (code === 'CLOUD_SILENT') return says.silent;
  return code === 'NOT_FOUND' ? says.unknown : says.other;
}

export function TakeOver({ stage }: { readonly stage: Extract<Stage, { at: 'handover' }> }) {
  const { course } = useApp();
  const says = useWords(handoverWords);
  const frame = useWords(frameWords);
  const { code, leaves } = stage;
  return (
    <>
      <h1>{says.title}</h1>
      <p>{says.text}</p>
      <p>{says.ends}</p>
      {leaves && <p class="trouble">{says.leaves}</p>}
      <p class="trouble" role="status">
        {code === undefined ? '' : `${reasonOf(says, code)} (${code})`}
      </p>
      <HoldButton says={says.take} hint={frame.hold} again={frame.again} isBusy={false} onHeld={() => course.choose('take')} />
      <button type="button" class="plain" onClick={() => course.choose('leave')}>
        {says.notNow}
      </button>
    </>
  );
}

export function Claiming() {
  const says = useWords(handoverWords);
  return (
    <>
      <h1>{says.title}</h1>
      <p role="status">{says.claiming}</p>
    </>
  );
}

/** The home is taken over: from here it is followed. */
export function Taken() {
  const { course } = useApp();
  const says = useWords(handoverWords);
  const goOn = (to: 'recovery' | 'now'): void => {
    go(to);
    course.choose('take');
  };
  return (
    <>
      <h1>{says.taken}</h1>
      <p role="status">{says.takenText}</p>
      <div class="choices">
        <button type="button" class="primary" onClick={() => goOn('recovery')}>
          {says.print}
        </button>
        <button type="button" class="plain" onClick={() => goOn('now')}>
          {says.later}
        </button>
      </div>
    </>
  );
}

export function NotTaken({ code }: { readonly code: FaultCode }) {
  const says = useWords(handoverWords);
  return (
    <>
      <h1>{says.refused}</h1>
      <p>{reasonOf(says, code)}</p>
      <p class="quiet" role="status">
        {code}
      </p>
      <TypedCode />
    </>
  );
}
