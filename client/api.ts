/** Made from the OpenAPI document by `npm run client`: do not edit. */

/** What each operation takes and answers. */
export interface Operations {
  /** Announce a delivery; a service company announces a visit, without parcels. */
  readonly announceDelivery: {
    readonly params: Record<string, never>;
    readonly query: { readonly pace?: string | number };
    readonly body: {
      /** A door of a home, as its owner gives it. A client of the sandbox asks for what is to be played by the door's name: `GET /v1/sandbox` says what happens at each, and what `can` has to say for it. */
      readonly door: string;
      readonly from: number;
      readonly until: number;
      /** A carrier has to say it. A service company announces a visit and leaves out `parcels`, `parcel` and `can`. */
      readonly parcels?: number;
      readonly reference: string;
      readonly parcel?: {
        readonly value?: { readonly amount: number; readonly currency: string };
        readonly size?: readonly [number, number, number];
        readonly restrictions?: readonly ('battery' | 'age-checked' | 'fragile' | 'cold')[];
        readonly goods?: string;
        readonly sender?: string;
        readonly note?: string;
        readonly order?: string;
      };
      readonly can?: readonly (
        | 'inside'
        | 'garage'
        | 'box'
        | 'in-person'
        | 'neighbour'
        | 'drop'
        | 'pick-up'
        | 'tomorrow'
      )[];
      readonly kind?: 'home' | 'gift' | 'locker' | 'po-box' | 'third-party';
    };
    readonly answer: {
      readonly delivery: string;
      readonly door: string;
      readonly hub: string;
      readonly from: number;
      readonly until: number;
      readonly purpose: 'delivery' | 'service';
      readonly parcels: number;
      readonly state:
        | 'announced'
        | 'assigned'
        | 'waiting-for-owner'
        | 'granted'
        | 'at-door'
        | 'in-progress'
        | 'delivered'
        | 'failed'
        | 'cancelled';
      readonly consent?: 'ask' | 'auto';
      readonly outcome?: string;
      readonly proof?: string;
      readonly receipt?: string;
      readonly onTheWay?: number;
      readonly attempt: number;
      readonly day?: string;
      readonly reference: string;
      readonly plan: readonly {
        readonly place: 'inside' | 'garage' | 'box' | 'in-person' | 'neighbour' | 'drop' | 'pick-up' | 'tomorrow';
        readonly door?: string;
      }[];
    };
  };
  /** How a delivery stands. */
  readonly getDelivery: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly delivery: string;
      readonly door: string;
      readonly hub: string;
      readonly from: number;
      readonly until: number;
      readonly purpose: 'delivery' | 'service';
      readonly parcels: number;
      readonly state:
        | 'announced'
        | 'assigned'
        | 'waiting-for-owner'
        | 'granted'
        | 'at-door'
        | 'in-progress'
        | 'delivered'
        | 'failed'
        | 'cancelled';
      readonly consent?: 'ask' | 'auto';
      readonly outcome?: string;
      readonly proof?: string;
      readonly receipt?: string;
      readonly onTheWay?: number;
      readonly attempt: number;
      readonly day?: string;
      readonly reference: string;
      readonly plan: readonly {
        readonly place: 'inside' | 'garage' | 'box' | 'in-person' | 'neighbour' | 'drop' | 'pick-up' | 'tomorrow';
        readonly door?: string;
      }[];
      readonly device: { readonly jkt: string; readonly check: string } | null;
    };
  };
  /** What is proven of each attempt of a delivery, signed. */
  readonly getEvidence: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly packs: readonly {
        readonly doorward: 'evidence-1';
        readonly roots: readonly string[];
        readonly issuers: string;
        readonly receipt: string;
        readonly hubKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
        readonly seal?: string;
        readonly visit?: string;
        readonly acts: readonly string[];
        readonly assignment?: {
          readonly text: string;
          readonly key:
            | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
            | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
        };
      }[];
    };
  };
  /** Make a task link for a courier. */
  readonly makeTaskLink: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: {
      /** Your own pseudonym of the courier, no name: wrong codes are counted over all their phones. */
      readonly courier?: string;
    };
    readonly answer: { readonly url: string; readonly token: string };
  };
  /** Hand in the assignment for a courier's device. */
  readonly assignDelivery: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: { readonly assignment: string };
    readonly answer: { readonly state: 'granted' | 'waiting-for-owner' };
  };
  /** Say that the courier is on the way, and when it is expected. */
  readonly sayOnTheWay: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: { readonly from?: number; readonly until?: number; readonly coming?: string };
    readonly answer: { readonly onTheWay: number };
  };
  /** Cancel a delivery. */
  readonly cancelDelivery: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: Record<string, never>;
    readonly answer: { readonly state: 'cancelled' };
  };
  /** Say that it lies at the pick-up point of its plan. That ends the delivery. */
  readonly sayCollectable: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: Record<string, never>;
    readonly answer: { readonly state: 'failed'; readonly outcome: 'picked-up-later' };
  };
  /** Answer the open dispute of a delivery. Answered again, the new answer takes the place of the old one. */
  readonly answerDispute: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: { readonly text: string };
    readonly answer: { readonly dispute: string; readonly answeredAt: number };
  };
  /** Set the key that households seal pictures for. They are shown its six digits: read them out when you call. What was shared before needs the key of before. */
  readonly putSealKey: {
    readonly params: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: {
      readonly seal: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
    };
    readonly answer: { readonly check: string };
  };
  /** Pictures of a delivery that its household shares with you. */
  readonly listPictures: {
    readonly params: { readonly delivery: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly pictures: readonly { readonly picture: string; readonly at: number; readonly until: number }[];
    };
  };
  /** One shared picture: a compact JWE of a JPEG. The household is told that you looked. */
  readonly getPicture: {
    readonly params: { readonly delivery: string | number; readonly picture: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: { readonly sealed: string };
  };
  /** The virtual doors of the sandbox, and the key that signs their receipts. */
  readonly getSandbox: {
    readonly params: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly sandbox: boolean;
      readonly doors: readonly (
        | 'door-sandbox-delivered'
        | 'door-sandbox-refused'
        | 'door-sandbox-owner-says-yes'
        | 'door-sandbox-owner-says-no'
        | 'door-sandbox-stopped-by-owner'
        | 'door-sandbox-nobody-entered'
        | 'door-sandbox-left-open'
        | 'door-sandbox-jam'
        | 'door-sandbox-contact-fault'
        | 'door-sandbox-camera-lost'
        | 'door-sandbox-link-lost'
        | 'door-sandbox-hub-restarted'
        | 'door-sandbox-second-device'
        | 'door-sandbox-nobody-comes'
        | 'door-sandbox-handed-over'
        | 'door-sandbox-wrong-code'
        | 'door-sandbox-to-neighbour'
        | 'door-sandbox-put-down'
        | 'door-sandbox-not-mine'
        | 'door-sandbox-plan-changed'
        | 'door-sandbox-nobody-home'
        | 'door-sandbox-picked-up'
        | 'door-sandbox-given-up'
        | 'door-sandbox-disputed'
        | 'door-sandbox-dispute-withdrawn'
        | 'door-sandbox-dispute-settled'
      )[];
      readonly outcomes: readonly {
        readonly door:
          | 'door-sandbox-delivered'
          | 'door-sandbox-refused'
          | 'door-sandbox-owner-says-yes'
          | 'door-sandbox-owner-says-no'
          | 'door-sandbox-stopped-by-owner'
          | 'door-sandbox-nobody-entered'
          | 'door-sandbox-left-open'
          | 'door-sandbox-jam'
          | 'door-sandbox-contact-fault'
          | 'door-sandbox-camera-lost'
          | 'door-sandbox-link-lost'
          | 'door-sandbox-hub-restarted'
          | 'door-sandbox-second-device'
          | 'door-sandbox-nobody-comes'
          | 'door-sandbox-handed-over'
          | 'door-sandbox-wrong-code'
          | 'door-sandbox-to-neighbour'
          | 'door-sandbox-put-down'
          | 'door-sandbox-not-mine'
          | 'door-sandbox-plan-changed'
          | 'door-sandbox-nobody-home'
          | 'door-sandbox-picked-up'
          | 'door-sandbox-given-up'
          | 'door-sandbox-disputed'
          | 'door-sandbox-dispute-withdrawn'
          | 'door-sandbox-dispute-settled';
        readonly says: string;
        readonly can: readonly (
          | 'inside'
          | 'garage'
          | 'box'
          | 'in-person'
          | 'neighbour'
          | 'drop'
          | 'pick-up'
          | 'tomorrow'
        )[];
      }[];
      readonly hub: string;
      readonly hubKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
    };
  };
  /** Have your events posted to an address. The secret is shown once. */
  readonly addWebhook: {
    readonly params: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: {
      /** https, on port 443 or 8443, at a public address. */ readonly url: string;
      /** Event types. Left out or empty: all, those too that come later. */
      readonly types?: readonly string[];
      readonly description?: string;
      readonly enabled?: boolean;
    };
    readonly answer: {
      readonly webhook: string;
      readonly url: string;
      readonly types: readonly string[];
      readonly description: string;
      readonly created: number;
      readonly enabled: boolean;
      /** gone: your server answered 410. failing: nothing has come through for five days. */
      readonly disabled: { readonly why: 'by-you' | 'gone' | 'failing'; readonly at: number } | null;
      /** Since when nothing has come through. */
      readonly failingSince: number | null;
      readonly secret: string;
    };
  };
  /** Your webhooks, and how they do. */
  readonly listWebhooks: {
    readonly params: Record<string, never>;
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly webhooks: readonly {
        readonly webhook: string;
        readonly url: string;
        readonly types: readonly string[];
        readonly description: string;
        readonly created: number;
        readonly enabled: boolean;
        /** gone: your server answered 410. failing: nothing has come through for five days. */
        readonly disabled: { readonly why: 'by-you' | 'gone' | 'failing'; readonly at: number } | null;
        /** Since when nothing has come through. */
        readonly failingSince: number | null;
      }[];
    };
  };
  /** One webhook. */
  readonly getWebhook: {
    readonly params: { readonly webhook: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: {
      readonly webhook: string;
      readonly url: string;
      readonly types: readonly string[];
      readonly description: string;
      readonly created: number;
      readonly enabled: boolean;
      /** gone: your server answered 410. failing: nothing has come through for five days. */
      readonly disabled: { readonly why: 'by-you' | 'gone' | 'failing'; readonly at: number } | null;
      /** Since when nothing has come through. */
      readonly failingSince: number | null;
    };
  };
  /** Change a webhook as a whole, disable it, or enable it again. */
  readonly changeWebhook: {
    readonly params: { readonly webhook: string | number };
    readonly query: Record<string, never>;
    readonly body: {
      /** https, on port 443 or 8443, at a public address. */ readonly url: string;
      /** Event types. Left out or empty: all, those too that come later. */
      readonly types?: readonly string[];
      readonly description?: string;
      readonly enabled?: boolean;
    };
    readonly answer: {
      readonly webhook: string;
      readonly url: string;
      readonly types: readonly string[];
      readonly description: string;
      readonly created: number;
      readonly enabled: boolean;
      /** gone: your server answered 410. failing: nothing has come through for five days. */
      readonly disabled: { readonly why: 'by-you' | 'gone' | 'failing'; readonly at: number } | null;
      /** Since when nothing has come through. */
      readonly failingSince: number | null;
    };
  };
  /** Remove a webhook, with what waits for it and its log. */
  readonly removeWebhook: {
    readonly params: { readonly webhook: string | number };
    readonly query: Record<string, never>;
    readonly body: undefined;
    readonly answer: { readonly removed: string };
  };
  /** Every try to post to a webhook in the last 30 days, the newest first. */
  readonly listAttempts: {
    readonly params: { readonly webhook: string | number };
    readonly query: {
      readonly before?: string | number;
      readonly message?: string | number;
      readonly limit?: string | number;
    };
    readonly body: undefined;
    readonly answer: {
      readonly attempts: readonly {
        /** Counts the attempts of this webhook. */ readonly n: number;
        /** Its webhook-id. */
        readonly message: string;
        readonly type: string;
        /** 1 for the first try of this message; a repeat has more. */
        readonly attempt: number;
        readonly at: number;
        /** null: it is under way, or its end is not known. */
        readonly ms: number | null;
        readonly status: number | null;
        /** STATUS, TIMEOUT, or why there was no connection. */
        readonly error: string | null;
        /** The first kB of what your server answered. */
        readonly body: string | null;
      }[];
      readonly before: number | null;
    };
  };
  /** Post one message again, or all since a time, under the ids that they had. */
  readonly replayWebhook: {
    readonly params: { readonly webhook: string | number };
    readonly query: Record<string, never>;
    readonly body:
      | {
          /** One, by its webhook-id. */ readonly message: string;
        }
      | {
          /** All since then. */ readonly since: number;
        };
    readonly answer: {
      readonly queued: number;
      /** There are more: ask again since then. */
      readonly goOnSince: number | null;
    };
  };
  /** Make a new secret. The one before signs beside it for a day. */
  readonly rotateWebhookSecret: {
    readonly params: { readonly webhook: string | number };
    readonly query: Record<string, never>;
    readonly body: Record<string, never>;
    readonly answer: { readonly secret: string; readonly oldUntil: number };
  };
}

/** How each is asked. */
export const operations = {
  announceDelivery: { method: 'POST', path: '/v1/deliveries', once: true },
  getDelivery: { method: 'GET', path: '/v1/deliveries/{delivery}', once: false },
  getEvidence: { method: 'GET', path: '/v1/deliveries/{delivery}/evidence', once: false },
  makeTaskLink: { method: 'POST', path: '/v1/deliveries/{delivery}/task-link', once: true },
  assignDelivery: { method: 'POST', path: '/v1/deliveries/{delivery}/assignment', once: true },
  sayOnTheWay: { method: 'POST', path: '/v1/deliveries/{delivery}/on-the-way', once: true },
  cancelDelivery: { method: 'POST', path: '/v1/deliveries/{delivery}/cancel', once: true },
  sayCollectable: { method: 'POST', path: '/v1/deliveries/{delivery}/collectable', once: true },
  answerDispute: { method: 'POST', path: '/v1/deliveries/{delivery}/dispute-answer', once: true },
  putSealKey: { method: 'PUT', path: '/v1/carrier/seal-key', once: false },
  listPictures: { method: 'GET', path: '/v1/deliveries/{delivery}/pictures', once: false },
  getPicture: { method: 'GET', path: '/v1/deliveries/{delivery}/pictures/{picture}', once: false },
  getSandbox: { method: 'GET', path: '/v1/sandbox', once: false },
  addWebhook: { method: 'POST', path: '/v1/webhooks', once: true },
  listWebhooks: { method: 'GET', path: '/v1/webhooks', once: false },
  getWebhook: { method: 'GET', path: '/v1/webhooks/{webhook}', once: false },
  changeWebhook: { method: 'PUT', path: '/v1/webhooks/{webhook}', once: false },
  removeWebhook: { method: 'DELETE', path: '/v1/webhooks/{webhook}', once: false },
  listAttempts: { method: 'GET', path: '/v1/webhooks/{webhook}/attempts', once: false },
  replayWebhook: { method: 'POST', path: '/v1/webhooks/{webhook}/replays', once: true },
  rotateWebhookSecret: { method: 'POST', path: '/v1/webhooks/{webhook}/secret-rotations', once: true },
} as const satisfies { readonly [O in keyof Operations]: object };

/** What you are told, by stream and webhook. Others may be added: ignore what you do not know. */
export interface Events {
  /** A device has taken the task link. Sign for it when your courier's phone shows these digits. */
  readonly 'task.claimed': { readonly delivery: string; readonly jkt: string; readonly check: string };
  /** A second device has taken the task link: it is dead. Make a new one. */
  readonly 'task.dead': { readonly delivery: string };
  /** The delivery stands otherwise than before. */
  readonly 'delivery.state': {
    readonly delivery: string;
    readonly state:
      | 'announced'
      | 'assigned'
      | 'waiting-for-owner'
      | 'granted'
      | 'at-door'
      | 'in-progress'
      | 'delivered'
      | 'failed'
      | 'cancelled';
    readonly outcome?: string;
    readonly proof?: string;
    /** Signed by the hub. */
    readonly receipt?: string;
  };
  /** The owner has changed where it may end, or when. */
  readonly 'delivery.plan': {
    readonly delivery: string;
    readonly plan: readonly {
      readonly place: 'inside' | 'garage' | 'box' | 'in-person' | 'neighbour' | 'drop' | 'pick-up' | 'tomorrow';
      readonly door?: string;
    }[];
    readonly attempt: number;
    readonly from: number;
    readonly until: number;
    readonly day?: string;
  };
  /** An attempt has failed, and the next one is planned. */
  readonly 'delivery.attempt': {
    readonly delivery: string;
    readonly attempt: number;
    readonly day: string;
    readonly from: number;
    readonly until: number;
  };
  /** Something happened at the stop: the courier has arrived, rung, or is done. `end` says how it ended; it follows from acts and evidence. */
  readonly 'stop.state': {
    readonly delivery: string;
    readonly attempt: number;
    readonly state: 'expected' | 'here' | 'closed';
    /** What it was: an act of the courier, or what else happened. */
    readonly act: string;
    readonly presence: 'none' | 'said' | 'someone' | 'near' | 'felt' | 'heard';
    readonly end?:
      | 'handed-over'
      | 'put'
      | 'inside'
      | 'picked-up-later'
      | 'tries-used'
      | 'left'
      | 'day-over'
      | 'blocked'
      | 'cancelled';
  };
  /** An attempt is over and its receipt is signed. All that it is checked by is in the evidence of the delivery. */
  readonly 'stop.receipt': { readonly delivery: string; readonly attempt: number; readonly receipt: string };
  /** Something does not fit together: somebody should look. */
  readonly 'delivery.exception': {
    readonly delivery: string;
    readonly attempt: number;
    readonly what: 'without-evidence' | 'other-door' | 'unrung' | 'late' | 'despite-block' | 'wrong-door';
  };
  /** The household says that something is wrong with the delivery, and what you are to do; or takes it back, or says that it is settled. `answered`: you have answered. */
  readonly 'delivery.disputed': {
    readonly delivery: string;
    readonly attempt: number;
    readonly dispute: string;
    readonly what: 'not-there' | 'wrong-place' | 'lost' | 'damaged' | 'not-mine';
    readonly state: 'open' | 'answered' | 'withdrawn' | 'settled';
    readonly next?: 'prove' | 'fetch' | 'trace' | 'inspect' | 'take-back';
  };
  /** The household shares a picture of the delivery with you, for one case, until then: it is sealed for your key. */
  readonly 'picture.shared': { readonly delivery: string; readonly picture: string; readonly until: number };
  /** The courier has confirmed which door it is and what to do there. */
  readonly 'door.found': { readonly delivery: string; readonly door: string; readonly at: number };
  /** Nothing is posted to this webhook any more. */
  readonly 'webhook.disabled': { readonly webhook: string; readonly why: 'gone' | 'failing' };
}

/** Codes of problems that a carrier meets. Others may be added: go by `retry` where you do not know one. */
export type ProblemCode =
  | 'RATE_LIMITED'
  | 'ASSIGNMENT_MISSING'
  | 'ASSIGNMENT_MALFORMED'
  | 'ASSIGNMENT_NOT_GENUINE'
  | 'ASSIGNMENT_WRONG_HUB'
  | 'ASSIGNMENT_WRONG_DOOR'
  | 'ASSIGNMENT_WRONG_DELIVERY'
  | 'ASSIGNMENT_OTHER_DEVICE'
  | 'ASSIGNMENT_EARLY'
  | 'ASSIGNMENT_USED_UP'
  | 'ASSIGNMENT_LATE'
  | 'UNAUTHENTICATED'
  | 'SCOPE_MISSING'
  | 'CLIENT_UNKNOWN'
  | 'CLIENT_SECRETS_FULL'
  | 'CLIENT_SECRET_LAST'
  | 'NOT_FOUND'
  | 'BODY_MALFORMED'
  | 'BODY_TOO_BIG'
  | 'IDEMPOTENCY_KEY_MISSING'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDEMPOTENCY_IN_FLIGHT'
  | 'TASK_LINK_DEAD'
  | 'TASK_NOT_CLAIMED'
  | 'TASK_NOT_READY'
  | 'TASK_OTHER_DEVICE'
  | 'DELIVERY_NOT_ALLOWED'
  | 'DISPUTE_NOT_OPEN'
  | 'DELIVERY_ENDED'
  | 'DELIVERY_UNSUPPORTED'
  | 'WEBHOOK_ADDRESS_REFUSED'
  | 'WEBHOOKS_FULL'
  | 'WEBHOOK_DISABLED'
  | 'STORE_UNAVAILABLE'
  | 'INTERNAL'
  | (string & Record<never, never>);
