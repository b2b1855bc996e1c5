/** The operator: lets homes and carriers in. Sees no door and opens none. */
import * as v from 'valibot';
import { newId } from '../../wire/jws.ts';
import { Id, Millis, type SignJwk, Slug } from '../../wire/shapes.ts';
import { HttpClient, type HttpOptions, type Reply } from './http.ts';

const HomeMade = v.object({ home: Id });
const TokenMade = v.object({ token: Id, expiresAt: Millis });
const CarrierMade = v.object({ carrier: Slug, clientSecret: v.pipe(v.string(), v.regex(/^dwc_[\w-]{43}$/)) });
const Hubs = v.union([v.array(v.unknown()), v.object({ hubs: v.array(v.unknown()) })]);

export class Operator {
  readonly http: HttpClient;
  readonly #token: string;

  constructor(options: HttpOptions & { readonly token: string }) {
    this.http = new HttpClient(options);
    this.#token = options.token;
  }

  createHome(): Promise<Reply<v.InferOutput<typeof HomeMade>>> {
    return this.#post('/v1/homes', {}, HomeMade);
  }

  /** One hub enrols with it, once, within the hour. @returns `expiresAt` in ms */
  createEnrolmentToken(home: string): Promise<Reply<v.InferOutput<typeof TokenMade>>> {
    return this.#post(`/v1/homes/${home}/enrolment-tokens`, {}, TokenMade);
  }

  /**
   * @param jwk   public half of the carrier's assignment key
   * @param more  a sandbox plays at virtual doors
   */
  createCarrier(
    name: string,
    jwk: SignJwk,
    more: { readonly sandbox?: boolean; readonly kind?: 'carrier' | 'company' } = {},
  ): Promise<Reply<v.InferOutput<typeof CarrierMade>>> {
    return this.#post('/v1/carriers', { name, jwk, ...more }, CarrierMade);
  }

  /** Presence, versions and acknowledged journal of every hub. */
  async hubs(): Promise<Reply<readonly unknown[]>> {
    const reply = await this.http.call({ method: 'GET', path: '/v1/hubs', bearer: this.#token }, Hubs);
    if (!reply.ok) return reply;
    return { ...reply, value: Array.isArray(reply.value) ? reply.value : reply.value.hubs };
  }

  #post<S extends v.GenericSchema>(path: string, body: object, schema: S): Promise<Reply<v.InferOutput<S>>> {
    return this.http.call({ method: 'POST', path, body, bearer: this.#token, once: newId() }, schema);
  }
}
