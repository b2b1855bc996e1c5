/** The first letters of a device's thumbprint, in groups: what people compare. */
export const lettersOf = (kid: string): string => (kid.slice(0, 12).match(/.{4}/g) ?? []).join(' ');
