import { checkedTime } from './checked-time.ts';
import { medsealChaincode } from './medseal-chaincode.ts';
import { serve } from './serve.ts';

await serve(medsealChaincode({ timeOf: checkedTime(Date.now) }));
