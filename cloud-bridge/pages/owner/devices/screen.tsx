/** The devices that belong to this home: who they are, inviting another, removing one. */
import { useState } from 'preact/hooks';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../../viewer/letters.ts';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import { changeDevices } from '../home/orders.ts';
import { Icon } from '../icon.tsx';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { QrCode } from './qr.tsx';
import { deviceWords } from './words.ts';

interface DeviceProps {
  readonly kid: string;
  readonly isMine: boolean;
  readonly hasPasskey: boolean;
  readonly isLast: boolean;
}

function Device({ kid, isMine, hasPasskey, isLast }: DeviceProps) {
  const { course } = useApp();
  const says = useWords(deviceWords);
  const frame = useWords(frameWords);
  const [isOpen, open] = useState(false);
  const [state, tell] = useState<'' | 'removing' | 'removed' | 'removedLater' | { readonly code: string }>('');
  const remove = async (): Promise<void> => {
    const { place } = course;
    if (place === undefined) return tell({ code: 'CLOUD_SILENT' });
    tell('removing');
    const reply = await changeDevices(place, { remove: kid });
    tell(!reply.ok ? { code: reply.code } : reply.value.pending ? 'removedLater' : 'removed');
    course.refresh('home');
  };
  return (
    <li class="card device" data-mine={isMine ? '' : undefined}>
      <div class="row">
        <div class="what">
          <Icon of="key" />
          <div>
            <h2>{isMine ? says.mine : fill(says.device, { letters: lettersOf(kid) })}</h2>
            <p class="quiet">
              {isMine && `${lettersOf(kid)} · `}
              {hasPasskey ? says.passkey : says.noPasskey}
            </p>
          </div>
        </div>
        {!isMine && !isLast && (
          <button type="button" class="plain small" aria-expanded={isOpen} onClick={() => open(!isOpen)}>
            {says.remove}
          </button>
        )}
      </div>
      {isOpen && (
        <HoldButton says={says.remove} hint={says.removeHint} again={frame.again} isBusy={state === 'removing'} kind="small" onHeld={() => void remove()} />
      )}
      <p class="quiet" role="status">
        {typeof state === 'object' ? fill(says.failed, { code: state.code }) : state === '' ? '' : says[state]}
      </p>
    </li>
  );
}

function Invite() {
  const { course } = useApp();
  const says = useWords(deviceWords);
  const [fragment, show] = useState<string | undefined>(undefined);
  const [isCopied, copied] = useState(false);
  if (fragment === undefined) {
    return (
      <button type="button" class="plain" disabled={course.place === undefined} onClick={() => show(course.invite())}>
        {says.inviteNew}
      </button>
    );
  }
  const link = `${location.origin}${location.pathname}${fragment}`;
  return (
    <>
      <p>{says.inviteText}</p>
      <QrCode text={link} says={says.code} />
      <div class="acts">
        <button
          type="button"
          class="plain"
          data-link={link}
          onClick={() => void navigator.clipboard.writeText(link).then(() => copied(true))}
        >
          {isCopied ? says.copied : says.copy}
        </button>
        <button
          type="button"
          class="plain"
          onClick={() => {
            show(undefined);
            copied(false);
          }}
        >
          {says.close}
        </button>
      </div>
    </>
  );
}

export function Screen() {
  const { course, known } = useApp();
  const says = useWords(deviceWords);
  const home = course.place?.home;
  const mine = course.place?.keys.sign.kid;
  const owners = (home?.owners ?? []).map(({ kid }, index) => ({ kid, device: home!.devices[index]! }));
  return (
    <>
      <p class="quiet">{says.intro}</p>
      <ul class="list" data-devices={owners.length} data-version={known.ownerList}>
        {owners.map(({ kid, device }) => (
          <Device key={kid} kid={kid} isMine={kid === mine} hasPasskey={device.passkey !== undefined} isLast={owners.length === 1} />
        ))}
      </ul>
      <section class="card">
        <h2>{says.invite}</h2>
        <Invite />
      </section>
    </>
  );
}
