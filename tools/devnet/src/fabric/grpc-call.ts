import type { CallOptions, requestCallback } from '@grpc/grpc-js';

const DEADLINE_MS = 15_000;

/** Makes one unary gRPC call with a deadline: Fabric's services have none of their own. */
export function callUnary<Response>(
  send: (options: CallOptions, callback: requestCallback<Response>) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send({ deadline: Date.now() + DEADLINE_MS }, (error, response) => {
      if (error !== null) reject(error);
      else if (response === undefined) reject(new TypeError('the answer is empty'));
      else resolve(response);
    });
  });
}
