/** What a check of the pages found, in plain words. */
import { faults } from '../../wire/faults.ts';
import type { Finding, PagesReport } from './check.ts';
import { visitors } from './visitors.ts';

const what = ({ difference }: Finding): string => {
  switch (difference.is) {
    case 'changed':
      return 'is not what was released';
    case 'too big':
      return 'is larger than what was released';
    case 'missing':
      return 'is not served';
    case 'extra':
      return 'is served, and the release has no such file';
    case 'moved':
      return 'leads elsewhere than in the release';
    case 'header':
      return `comes with another "${difference.header}" header than was released`;
    case 'listed':
      return `names a file that the release does not have: ${difference.name}`;
  }
};

/** One sentence about one finding; who was served it where not everybody was. */
export const sayFinding = (finding: Finding): string =>
  `${finding.path} ${what(finding)}${
    finding.visitors.length < visitors.length ? ` (only for ${finding.visitors.join(', ')})` : ''
  }`;

/** What is wrong, a line each; empty when nothing is. */
export const sayReport = ({ refused, findings, unread }: PagesReport): readonly string[] => [
  ...(refused === undefined ? [] : [`${faults[refused.code].says}${detailOf(refused.detail)}`]),
  ...findings.map(sayFinding),
  ...Object.entries(unread).map(([path, why]) => `${path} could not be read: ${why}`),
];

const detailOf = (detail: object | undefined): string =>
  detail === undefined
    ? ''
    : ` (${Object.entries(detail)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')})`;
