// Metrics for Prometheus. Names follow https://prometheus.io/docs/practices/naming/.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { MemberPhase } from '../../contract/member.ts';
import type { MemberCounts } from '../../services/runtime.ts';

const STATUS_COUNTS = ['total', 'allocated', 'available'] as const;

export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'warmpool_request_duration_seconds',
    help: 'Requests by operation and HTTP status code.',
    labelNames: ['operation', 'code'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.#registry],
  });
  readonly #series = new Map<string, Histogram.Internal<'operation' | 'code'>>();
  readonly #writes = new Histogram({
    name: 'warmpool_store_write_duration_seconds',
    help: 'Writes to the store of pools by call and outcome.',
    labelNames: ['call', 'outcome'],
    buckets: [0.0001, 0.001, 0.01, 0.1, 1],
    registers: [this.#registry],
  });
  readonly #calls = new Histogram({
    name: 'warmpool_kubernetes_call_duration_seconds',
    help: 'Calls to the Kubernetes API server by verb and HTTP status code, "none" where no response was received.',
    labelNames: ['verb', 'code'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.#registry],
  });
  readonly #steps = new Counter({
    name: 'warmpool_scaling_members_total',
    help: 'Members that scaling steps started and stopped.',
    labelNames: ['action'],
    registers: [this.#registry],
  });
  readonly #failures = new Counter({
    name: 'warmpool_scaling_errors_total',
    help: 'Scaling steps that failed and will be retried.',
    registers: [this.#registry],
  });
  #collectMembers = () => Promise.resolve();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** @param countMembers Counts the members of every pool; called once per scrape. */
  observeMembers(countMembers: () => Promise<readonly MemberCounts[]>): void {
    const registers = [this.#registry];
    const pools = new Gauge({ name: 'warmpool_pools', help: 'Pools.', registers });
    const members = new Gauge({
      name: 'warmpool_members',
      help: 'Members by pool and phase, where Warmpool runs the controller.',
      labelNames: ['pool', 'phase'],
      registers,
    });
    const statuses = new Gauge({
      name: 'warmpool_pool_status_members',
      help: 'Members by pool as its status reports them: total, allocated, available.',
      labelNames: ['pool', 'count'],
      registers,
    });
    this.#collectMembers = async () => {
      const counts = await countMembers();
      pools.set(counts.length);
      members.reset();
      statuses.reset();
      for (const { pool, phases, status } of counts) {
        if (phases) for (const phase of MemberPhase.options) members.set({ pool, phase }, phases[phase]);
        if (status) for (const count of STATUS_COUNTS) statuses.set({ pool, count }, status[count]);
      }
    };
  }

  /** @param countStreams Number of open streams; called once per scrape. */
  observeStreams(countStreams: () => number): void {
    new Gauge({
      name: 'warmpool_stream_clients',
      help: 'Open streams of pools, over SSE and tRPC.',
      registers: [this.#registry],
      collect() {
        this.set(countStreams());
      },
    });
  }

  observeRequest(operation: string, status: number, seconds: number): void {
    // Each series is looked up once: the lookup costs more than the observation.
    const key = `${operation} ${status}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = this.#requests.labels({ operation, code: status });
      this.#series.set(key, series);
    }
    series.observe(seconds);
  }

  observeWrite(call: string, isDone: boolean, seconds: number): void {
    this.#writes.observe({ call, outcome: isDone ? 'done' : 'refused' }, seconds);
  }

  observeCall(verb: string, code: number | 'none', seconds: number): void {
    this.#calls.observe({ verb, code }, seconds);
  }

  observeStep(created: number, removed: number): void {
    this.#steps.inc({ action: 'create' }, created);
    this.#steps.inc({ action: 'remove' }, removed);
  }

  observeFailure(): void {
    this.#failures.inc();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  async expose(): Promise<string> {
    await this.#collectMembers();
    return this.#registry.metrics();
  }
}
