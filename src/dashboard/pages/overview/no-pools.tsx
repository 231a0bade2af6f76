// Before the first pool: what a pool is for, what it will look like, and two ways to create it.
import { useDocumentTitle } from '@mantine/hooks';
import { Link } from 'wouter';
import type { CreatePool } from '../../../contract/pool.ts';
import { CapacityBar } from '../../pool/capacity-bar.tsx';
import { GaugeMarks } from '../../pool/gauge-marks.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Snippet } from '../../ui/snippet.tsx';

const CAPACITY = { bufferMin: 3, bufferMax: 5, poolMin: 0, poolMax: 10 };

const EXAMPLE: CreatePool = {
  name: 'agents',
  template: { spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } },
  capacitySpec: CAPACITY,
};

export const NoPools = () => {
  useDocumentTitle('No pools yet · Warmpool');
  return (
    <main className="page empty">
      <div className="empty-body">
        <h1>No pools yet</h1>
        <p className="lead">
          A pool keeps members ready, so that a claim never waits for a start. Say how many, and from which template.
        </p>
        <div className="ghost">
          <CapacityBar capacity={{ ...CAPACITY, allocated: 0, available: 0 }} width={320} height={24} />
          <GaugeMarks bounds={CAPACITY} />
        </div>
        <div className="row">
          <Link href="/create" className="btn primary">
            <Icon name="plus" />
            Create pool<kbd>n</kbd>
          </Link>
        </div>
        <Snippet
          call={{
            method: 'POST',
            path: 'v1/pools',
            body: EXAMPLE,
            procedure: 'pools.create',
            input: EXAMPLE,
          }}
        />
        <p className="t3">The pool appears here as soon as it is stored.</p>
      </div>
    </main>
  );
};
