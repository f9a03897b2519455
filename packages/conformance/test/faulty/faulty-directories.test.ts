import { directorySuite } from '../../src/index.ts';
import { directoryFaults } from './directory-faults.ts';
import { testFaults } from './faults.ts';

testFaults(directorySuite, directoryFaults);
