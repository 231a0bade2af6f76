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
  readonly writes = new Histogram({
    name: 'warmpool_store_write_duration_seconds',
    help: 'Writes to the store of pools by call and outcome.',
    labelNames: ['call', 'outcome'],
    buckets: [0.0001, 0.001, 0.01, 0.1, 1],
    registers: [this.#registry],
  });
  readonly calls = new Histogram({
    name: 'warmpool_kubernetes_call_duration_seconds',
    help: 'Calls to the Kubernetes API server by verb and HTTP status code, "none" where no response was received.',
    labelNames: ['verb', 'code'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.#registry],
  });
  readonly steps = new Counter({
    name: 'warmpool_scaling_members_total',
    help: 'Members that scaling steps started and stopped.',
    labelNames: ['action'],
    registers: [this.#registry],
  });
  readonly failures = new Counter({
    name: 'warmpool_scaling_errors_total',
    help: 'Scaling steps that failed and will be retried.',
    registers: [this.#registry],
  });
  readonly claimRequests = new Counter({
    name: 'warmpool_claim_requests_total',
    help: 'Requests for a claim by outcome: warm, cold, or the error code. Replays are not counted.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly claimWaits = new Histogram({
    name: 'warmpool_claim_wait_seconds',
    help: 'Time from the request to the bound member, by launch.',
    labelNames: ['launch'],
    buckets: [0.001, 0.01, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers: [this.#registry],
  });
  readonly endedClaims = new Counter({
    name: 'warmpool_claims_ended_total',
    help: 'Claims that ended, by how: released, expired, lost.',
    labelNames: ['state'],
    registers: [this.#registry],
  });
  readonly #claims = new Gauge({
    name: 'warmpool_claims',
    help: 'Live claims by pool, where Warmpool keeps claims.',
    labelNames: ['pool'],
    registers: [this.#registry],
  });
  readonly #waiting = new Gauge({
    name: 'warmpool_claims_waiting',
    help: 'Clients that wait for a member, by pool, where Warmpool keeps claims.',
    labelNames: ['pool'],
    registers: [this.#registry],
  });
  readonly #pools = new Gauge({ name: 'warmpool_pools', help: 'Pools.', registers: [this.#registry] });
  readonly #members = new Gauge({
    name: 'warmpool_members',
    help: 'Members by pool and phase, where Warmpool runs the controller.',
    labelNames: ['pool', 'phase'],
    registers: [this.#registry],
  });
  readonly #statuses = new Gauge({
    name: 'warmpool_pool_status_members',
    help: 'Members by pool as its status reports them: total, allocated, available.',
    labelNames: ['pool', 'count'],
    registers: [this.#registry],
  });
  #countMembers: () => Promise<readonly MemberCounts[]> = () => Promise.resolve([]);

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** @param countMembers Counts the members of every pool; called once per scrape. */
  observeMembers(countMembers: () => Promise<readonly MemberCounts[]>): void {
    this.#countMembers = countMembers;
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

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  async expose(): Promise<string> {
    const counts = await this.#countMembers();
    this.#pools.set(counts.length);
    this.#members.reset();
    this.#statuses.reset();
    this.#claims.reset();
    this.#waiting.reset();
    for (const { pool, phases, status, claims } of counts) {
      if (claims) this.#claims.set({ pool }, claims.bound);
      if (claims) this.#waiting.set({ pool }, claims.waiting);
      if (phases) for (const phase of MemberPhase.options) this.#members.set({ pool, phase }, phases[phase]);
      if (status) for (const count of STATUS_COUNTS) this.#statuses.set({ pool, count }, status[count]);
    }
    return this.#registry.metrics();
  }
}
