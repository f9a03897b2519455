import { memoryMirrorStateDriver, mirrorStateSuite } from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

testSuite('memory', mirrorStateSuite, async () => memoryMirrorStateDriver());
