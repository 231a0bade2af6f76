// What to do next for a member: a pure function of its record, its template's plan, and the containers that exist.
import { afterExit } from './after-exit.ts';
import { containerSpecs, type ContainerSpec } from './container-spec.ts';
import type { MemberContainer } from './member-containers.ts';
import type { Observed, Step } from './step.ts';

export const nextStep = (observed: Observed): Step => {
  const { record, plan, containers } = observed;
  const outdated = containers.filter(({ launch }) => launch !== record.launch);
  if (outdated.length > 0) return { type: 'remove', containers: outdated };
  const isLaunching = record.stage === 'launching';
  const specs = containerSpecs(plan).filter(({ role }) => isLaunching || role !== 'init');
  const named = new Map(containers.map((container) => [container.name, container]));
  const mainName = plan.containers[0]?.name;
  const main = mainName === undefined ? undefined : named.get(mainName);
  for (const spec of specs) {
    const container = named.get(spec.plan.name);
    const step = container
      ? stepOf(spec, container, main, observed)
      : isLaunching
        ? ({ type: 'create', spec, mainId: main?.id } as const)
        : missing(spec);
    if (step !== undefined) return step;
  }
  return { type: 'up', containers: plan.containers.flatMap(({ name }) => named.get(name) ?? []) };
};

const missing = ({ plan, role }: ContainerSpec): Step =>
  role === 'main' ? { type: 'gone' } : { type: 'fail', message: `Container "${plan.name}" was removed.` };

/** Undefined when nothing is left to do for this container. */
const stepOf = (
  { role }: ContainerSpec,
  container: MemberContainer,
  main: MemberContainer | undefined,
  observed: Observed,
): Step | undefined => {
  switch (container.state) {
    case 'created':
      return { type: 'start', container, isRestart: false };
    case 'removing':
      return { type: 'wait' };
    case 'running':
      if (role === 'init') return { type: 'wait' };
      // A restarted main container has a new network, and the others are still in the old one.
      return role === 'joined' && main && main.startedAtMs > container.startedAtMs
        ? { type: 'rejoin', container }
        : undefined;
    case 'exited':
      return role === 'init' && container.exitCode === 0 ? undefined : afterExit(container, observed);
  }
};
