import {
  directorySuite,
  keyStoreSuite,
  ledgerSuite,
  memoryDirectoryDriver,
  memoryDriver,
  memoryKeyStoreDriver,
  memoryProxyStateDriver,
  memoryStoreDriver,
  memoryViewStoreDriver,
  proxyStateSuite,
  storeSuite,
  viewStoreSuite,
} from '../src/index.ts';
import { testSuite } from '../src/vitest.ts';

testSuite('memory', ledgerSuite, async () => memoryDriver());
testSuite('memory', storeSuite, async () => memoryStoreDriver());
testSuite('memory', directorySuite, async () => memoryDirectoryDriver());
testSuite('memory', keyStoreSuite, async () => memoryKeyStoreDriver());
testSuite('memory', proxyStateSuite, async () => memoryProxyStateDriver());
testSuite('memory', viewStoreSuite, async () => memoryViewStoreDriver());
