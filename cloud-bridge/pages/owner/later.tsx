/** A part of a screen that is loaded when it is shown: who never looks at it never loads it. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from './app.ts';
import { frameWords } from './frame-words.ts';
import type { Place } from './home/course.ts';
import { useWords } from './use-words.ts';

/** @returns the part, which is given this device's place at its home */
export function later<P extends { readonly place: Place }>(load: () => Promise<ComponentType<P>>) {
  return function Later(props: Omit<P, 'place'>) {
    const { course } = useApp();
    const says = useWords(frameWords);
    const [Part, tell] = useState<ComponentType<P> | undefined>(undefined);
    const [isFailed, fail] = useState(false);
    useEffect(() => {
      load().then(
        (part) => tell(() => part),
        () => fail(true),
      );
    }, []);
    if (isFailed) return <p class="quiet">{says.notLoaded}</p>;
    if (Part === undefined || course.place === undefined) return <p class="quiet wait">{says.loading}</p>;
    // What is left out of the props is put back.
    const whole = { ...props, place: course.place } as unknown as P;
    return <Part {...whole} />;
  };
}
