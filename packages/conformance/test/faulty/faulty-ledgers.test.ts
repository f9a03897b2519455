import { ledgerSuite } from '../../src/index.ts';
import { testFaults } from './faults.ts';
import { ledgerFaults } from './ledger-faults.ts';

testFaults(ledgerSuite, ledgerFaults);
