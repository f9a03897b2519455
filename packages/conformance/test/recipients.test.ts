import { recipientSuite } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';
import { fileDrivers, recordDrivers } from './recipient-drivers.ts';

for (const driver of fileDrivers) testSuite(driver.name, recipientSuite(), async () => driver);
for (const driver of recordDrivers) testSuite(driver.name, recipientSuite(), async () => driver);
