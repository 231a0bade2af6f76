// How restarts of containers are counted.
import { expect, test } from 'vitest';
import { Semaphore } from '../../../../src/lib/semaphore.ts';
import { HostPorts } from '../../../../src/services/docker/members/host-ports.ts';
import { readContainers } from '../../../../src/services/docker/members/member-containers.ts';
import { newRecord } from '../../../../src/services/docker/members/new-record.ts';
import { StepRunner } from '../../../../src/services/docker/members/step-runner.ts';
import { StopLog } from '../../../../src/services/docker/members/stop-log.ts';
import { ProbeRunner } from '../../../../src/services/docker/probes/probe-runner.ts';
import { toMemberPlan } from '../../../../src/services/docker/template/member-plan.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { silentObserver } from '../../../support/silent-observer.ts';
import { scriptedDaemon } from '../kit/scripted-daemon.ts';

test('A container that is restarted only because the main container was does not bring its member closer to failure', async () => {
  const template = { spec: { containers: [{ name: 'main', image: 'busybox:1' }] } };
  const order = { name: 'a-1', poolUid: 'u', poolName: 'a', revision: 'r', template };
  const plan = toMemberPlan(template);
  const placement = { instance: 'i', network: 'bridge' };
  const [clock, hostPorts] = [new FakeClock(), new HostPorts()];
  let record = newRecord({ order, plan, placement, hostPorts, nowMs: clock.now() });
  const { docker } = await scriptedDaemon(record, placement.instance);
  const context = {
    ...{ docker, longCalls: docker, placement, planOf: toMemberPlan, hostPorts, clock },
    ...{ probes: new ProbeRunner({ docker, clock }), reads: new Semaphore(1), writes: new Semaphore(1) },
    ...{ observer: silentObserver, closing: new AbortController().signal, store: () => undefined },
  };
  const steps = new StepRunner(context, new StopLog(), {
    record: () => record,
    update: (changes) => {
      record = { ...record, ...changes };
    },
  });
  const [container] = await readContainers(docker, {});
  if (container === undefined) throw new Error('the daemon lists no container');
  await steps.run({ type: 'rejoin', container }, plan);
  expect(record).toMatchObject({ restarts: 1, launchRestarts: 0 });
  await steps.run({ type: 'start', container, isRestart: true }, plan);
  expect(record).toMatchObject({ restarts: 2, launchRestarts: 1 });
});
