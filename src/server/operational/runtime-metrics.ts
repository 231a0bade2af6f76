// What the server records of its runtime: metrics for Prometheus, and log lines.
import type { Logger } from 'pino';
import type { RuntimeObserver } from '../../services/runtime-observer.ts';
import type { Metrics } from './metrics.ts';

export const createRuntimeObserver = (metrics: Metrics, logger: Logger): RuntimeObserver => ({
  write: (call, isDone, seconds) => {
    metrics.writes.observe({ call, outcome: isDone ? 'done' : 'refused' }, seconds);
  },
  step: (created, stopped) => {
    metrics.steps.inc({ action: 'create' }, created);
    metrics.steps.inc({ action: 'remove' }, stopped);
  },
  stepFailed: (poolUid, err, retryMs) => {
    metrics.failures.inc();
    logger.error({ poolUid, err, retryMs }, 'a scaling step failed');
  },
  degradedChanged: (pool, { status, reason, message }) => {
    if (status === 'True') logger.warn({ pool, reason }, `pool "${pool}" is degraded: ${message}`);
    else logger.info({ pool, reason }, `pool "${pool}" is no longer degraded: ${message}`);
  },
  driverFailed: (poolUid, err, retryMs) => {
    logger.error({ poolUid, err, retryMs }, 'the member driver failed to advance a member');
  },
  membersDiscarded: (driver, count) => {
    const containers = driver === 'docker' ? ' Their containers run until the next start with --driver docker.' : '';
    logger.warn(
      `Discarded the members of the ${driver} driver (${count}): claims on them are lost, and the pools start new members.${containers}`,
    );
  },
  claimBound: ({ launch }, waitSeconds) => {
    metrics.claimRequests.inc({ outcome: launch });
    metrics.claimWaits.observe({ launch }, waitSeconds);
  },
  claimRefused: (code) => {
    metrics.claimRequests.inc({ outcome: code });
  },
  claimEnded: (state) => {
    metrics.endedClaims.inc({ state });
  },
  claimSweepFailed: (err) => {
    logger.error({ err }, 'claims that have expired could not be ended; trying again');
  },
  historyUnreadable: (err) => {
    logger.warn({ err }, 'a part of the stored history cannot be read and is shown as a gap; others are not reported');
  },
  historyNotWritten: (err) => {
    logger.warn({ err }, 'the history cannot be written; trying again');
  },
  call: (verb, status, seconds) => {
    metrics.calls.observe({ verb, code: status }, seconds);
  },
  clusterSelected: ({ where, namespace, warning }) => {
    logger.info({ cluster: where, namespace }, `pools are in the namespace "${namespace}" of ${where}`);
    if (warning !== undefined) logger.warn(warning);
  },
  syncChanged: (problem) => {
    if (problem) logger.warn({ code: problem.code }, `disconnected from the Kubernetes API server: ${problem.message}`);
    else logger.info('connected to the Kubernetes API server');
  },
  permissionMissing: (problem) => {
    logger.warn(problem);
  },
});
