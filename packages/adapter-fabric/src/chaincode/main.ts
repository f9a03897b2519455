import { checkedTime } from './checked-time.ts';
import { medsealChaincode } from './medseal-chaincode.ts';
import { serve } from './serve.ts';

try {
  await serve(medsealChaincode({ timeOf: checkedTime(Date.now) }));
} catch (error) {
  // The shim swallows what nobody catches, and the process would end as if all were well.
  process.stderr.write(`The chaincode cannot be served: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
