import { ledgerSuite } from '@medseal/conformance';
import { testSuite } from '@medseal/conformance/vitest';
import { localDriver } from '../../test/driver.ts';

testSuite('Local', ledgerSuite, async () => localDriver());
