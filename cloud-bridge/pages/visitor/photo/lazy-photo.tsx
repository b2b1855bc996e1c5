/** Loads what a photo needs when one is wanted: most stops need none. */
import { useEffect, useState } from 'preact/hooks';
import type { TakePhotoProps } from './take-photo.tsx';

type Loaded = typeof import('./take-photo.tsx');

export function LazyPhoto(props: TakePhotoProps) {
  const [loaded, show] = useState<Loaded>();
  const [tries, again] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    void import('./take-photo.tsx').then(show, () => {
      timer = setTimeout(() => again(tries + 1), 2_000);
    });
    return () => clearTimeout(timer);
  }, [tries]);
  return loaded === undefined ? <p class="quiet">…</p> : <loaded.TakePhoto {...props} />;
}
