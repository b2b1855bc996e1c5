/** The carrier's client. How it is used: docs/api-for-carriers.md. */
export type { Events, Operations, ProblemCode } from './api.ts';
export { type Assignable, checkDigitsOf, signAssignment } from './assignment.ts';
export {
  type Answer,
  Doorward,
  type DoorwardEvent,
  type DoorwardOptions,
  DoorwardProblem,
  type Input,
} from './client.ts';
export { verifyWebhook, type WebhookMessage } from './webhooks.ts';
