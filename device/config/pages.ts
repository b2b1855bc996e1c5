/** The settings of the check of the cloud's pages, and of the hub's own page that shows it. */
import { isIP } from 'node:net';
import * as v from 'valibot';
import { Hash } from '../../wire/shapes.ts';
import { whole } from './shapes.ts';

/** Scheme, host and port of a server: over TLS, or on this machine. */
const Origin = v.pipe(
  v.string(),
  v.check((text) => {
    if (!URL.canParse(text)) return false;
    const { origin, protocol, hostname } = new URL(text);
    const isHere = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
    return (protocol === 'https:' || (protocol === 'http:' && isHere)) && text.replace(/\/$/, '') === origin;
  }, 'https://host[:port], no path; http only on this machine'),
  v.transform((text) => new URL(text).origin),
);

export const PagesConfig = v.strictObject({
  url: v.pipe(Origin, v.title('Pages'), v.description('Where the cloud serves its pages: https://host[:port].')),
  releaseKeys: v.pipe(
    v.array(Hash),
    v.minLength(1),
    v.maxLength(4),
    v.title('Release keys'),
    v.description(
      'The `x` of each Ed25519 key that may sign what the pages are. Not from the cloud: from who makes Doorward.',
    ),
  ),
  api: v.optional(
    v.pipe(Origin, v.title('API'), v.description('That the pages may talk to. Default: the cloud of the enrolment.')),
  ),
  everyHours: whole(
    'Check every',
    'Hours between two checks; each comes at a random moment in the last half.',
    6,
    1,
    168,
  ),
  page: v.optional(
    v.pipe(
      v.strictObject({
        address: v.pipe(
          v.string(),
          v.check((text) => isIP(text) !== 0, 'an IP address of this machine'),
          v.title('Address'),
          v.description('IP address to listen at, in the network of the home.'),
        ),
        port: whole('Port', 'TCP port; 0 takes any free one.', 8095, 0, 65_535),
      }),
      v.title('Page of the hub'),
      v.description('A page that shows the last check to whoever is in the network of the home. Default: none.'),
    ),
  ),
});
export type PagesConfig = v.InferOutput<typeof PagesConfig>;

export { Origin as PagesOrigin };
