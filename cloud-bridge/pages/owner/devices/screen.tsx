/** The devices that belong to this home: who they are, inviting another, removing one. */
import { useState } from 'preact/hooks';
import { accept, type Verdict } from '../../../../wire/faults.ts';
import type { EcJwk } from '../../../../wire/shapes.ts';
import { HoldButton } from '../../common/hold-button.tsx';
import { lettersOf } from '../device/letters.ts';
import { useApp } from '../app.ts';
import { frameWords } from '../frame-words.ts';
import type { Place } from '../home/course.ts';
import { changeDevices } from '../home/orders.ts';
import { Icon } from '../icon.tsx';
import { useWords } from '../use-words.ts';
import { fill } from '../words.ts';
import { QrCode } from '../../common/qr.tsx';
import { deviceWords } from './words.ts';

interface DeviceProps {
  readonly kid: string;
  readonly seal: EcJwk;
  readonly isMine: boolean;
  readonly hasPasskey: boolean;
  readonly isLast: boolean;
}

/** Wraps the keys of what was recorded before; loaded when it is wanted. */
async function shareWith(place: Place, to: EcJwk, tell: (shared: number) => void): Promise<Verdict<{ shared: number; all: number }>> {
  const [{ recordingsOf }, { shareRecordings }] = await Promise.all([
    import('../video/recordings.ts'),
    import('../video/share-recordings.ts'),
  ]);
  const api = recordingsOf(place.api, place.home.pinned.home, place.keys.seal.kid);
  const rows = await api.all();
  if (!rows.ok) return rows;
  const shared = await shareRecordings({ api, home: place.home, signer: place.signer }, rows.value, to, tell);
  return shared.ok ? accept({ shared: shared.value, all: rows.value.length }) : shared;
}

function Share({ seal }: Pick<DeviceProps, 'seal'>) {
  const { course } = useApp();
  const says = useWords(deviceWords);
  const [note, tell] = useState<string | undefined>(undefined);
  const share = async (): Promise<void> => {
    if (course.place === undefined) return tell(fill(says.failed, { code: 'CLOUD_SILENT' }));
    tell(fill(says.sharing, { n: 0 }));
    const done = await shareWith(course.place, seal, (n) => tell(fill(says.sharing, { n })));
    if (done.ok) tell(fill(says.shared, { n: done.value.shared, all: done.value.all }));
    else tell(fill(says.failed, { code: done.code }));
  };
  return (
    <>
      <p class="quiet" role="status">
        {note ?? says.shareText}
      </p>
      <div class="acts">
        <button type="button" class="plain small" onClick={() => void share()}>
          {says.share}
        </button>
      </div>
    </>
  );
}

function Device({ kid, seal, isMine, hasPasskey, isLast }: DeviceProps) {
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
            {frame.more}
          </button>
        )}
      </div>
      {isOpen && <Share seal={seal} />}
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
          <Device key={kid} kid={kid}
            seal={device.seal} isMine={kid === mine} hasPasskey={device.passkey !== undefined} isLast={owners.length === 1} />
        ))}
      </ul>
      <section class="card">
        <h2>{says.invite}</h2>
        <Invite />
      </section>
    </>
  );
}
