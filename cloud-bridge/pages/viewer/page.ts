/** The elements of the page by their names. Text is always set as text: nothing that came from outside becomes markup. */
import { Fault } from '../../../wire/faults.ts';

/** @throws Fault INTERNAL when `index.html` has no such element */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Fault('INTERNAL', { missing: id });
  return found as T;
}

export function say(id: string, text: string): void {
  const element = at(id);
  if (element.textContent !== text) element.textContent = text;
}

export const show = (id: string, shown: boolean): void => {
  at(id).hidden = !shown;
};

export function make(name: string, text = '', className = ''): HTMLElement {
  const element = document.createElement(name);
  element.textContent = text;
  if (className !== '') element.className = className;
  return element;
}
