/** Asks a control socket. */
import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: object;
}

/** @param body  JSON; nothing is sent without one */
export function ask(socketPath: string, method: string, path: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
