// An observer for runtimes whose reports a test does not look at.
import type { RuntimeObserver } from '../../src/services/runtime-observer.ts';

const ignore = () => undefined;

export const silentObserver: RuntimeObserver = {
  write: ignore,
  step: ignore,
  stepFailed: ignore,
  driverFailed: ignore,
  degradedChanged: ignore,
  membersDiscarded: ignore,
  call: ignore,
  clusterSelected: ignore,
  syncChanged: ignore,
  permissionMissing: ignore,
  claimBound: ignore,
  claimRefused: ignore,
  claimEnded: ignore,
  claimSweepFailed: ignore,
  historyUnreadable: ignore,
  historyNotWritten: ignore,
};
