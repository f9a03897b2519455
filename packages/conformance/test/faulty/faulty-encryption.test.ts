import { recipientSuite, reEncryptorSuite } from '../../src/index.ts';
import { testFaults } from './faults.ts';
import { reEncryptorFaults } from './re-encryptor-faults.ts';
import { recipientFaults } from './recipient-faults.ts';

testFaults(recipientSuite<Uint8Array>(), recipientFaults);
testFaults(reEncryptorSuite, reEncryptorFaults);
