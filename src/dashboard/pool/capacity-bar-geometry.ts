// Geometry of the capacity bar: numbers in, whole pixels out. No DOM, no colours.

export type Capacity = {
  readonly allocated: number;
  readonly available: number;
  readonly starting?: number;
  readonly failed?: number;
  readonly terminating?: number;
  /** Clients that wait for a member. */
  readonly waiting?: number;
  readonly bufferMin: number;
  readonly bufferMax: number;
  readonly poolMax: number;
};

type SegmentKind = 'allocated' | 'available' | 'starting' | 'failed' | 'terminating';

type Span = { readonly x: number; readonly width: number };

export type CapacityBarShapes = {
  /** x of poolMax. */
  readonly limit: number;
  readonly segments: readonly (Span & { readonly kind: SegmentKind; readonly count: number })[];
  /** `isOpen`: it goes on past poolMax. Undefined where bufferMax is 0. */
  readonly band: (Span & { readonly isOpen: boolean }) | undefined;
  /** Members that waiting clients will take. */
  readonly waiting: Span | undefined;
  /** Where the scale is compressed. */
  readonly breaks: readonly number[];
};

/** Share of the width after poolMax, for what lies beyond it. */
const BEYOND = 0.1;
/** The buffer takes at least this share of the track, so that 5 members can be read next to 2 000. */
const BUFFER = 0.34;
/** Minimum width of anything that is not zero. */
const MIN = 4;
const ZONE_MIN = 12;
/** Minimum width of what lies beyond poolMax: a segment of 2 and its gap. */
const BEYOND_MIN = 3;

type Run = { readonly kind: SegmentKind; readonly from: number; readonly to: number };

/**
 * Allocated, available and starting members fill from the left. Failed and terminating ones stand at poolMax, where they
 * take room away; what is empty between is the room that the pool has left. The band starts after the members that are
 * allocated or that waiting clients still need: the fill is to reach into it.
 */
export const capacityBarShapes = (pool: Capacity, width: number): CapacityBarShapes => {
  const { allocated, available, starting = 0, failed = 0, terminating = 0, waiting = 0 } = pool;
  const { bufferMin, bufferMax, poolMax } = pool;
  const scheduled = allocated + available + starting;
  const total = scheduled + failed + terminating;
  const end = Math.max(poolMax, total);
  const taken = allocated + waiting;
  const low = taken + bufferMin;
  const high = taken + bufferMax;

  const all: readonly Run[] = [
    { kind: 'allocated', from: 0, to: allocated },
    { kind: 'available', from: allocated, to: allocated + available },
    { kind: 'starting', from: allocated + available, to: scheduled },
    { kind: 'failed', from: end - failed - terminating, to: end - terminating },
    { kind: 'terminating', from: end - terminating, to: end },
  ];
  const runs = all.filter(({ from, to }) => to > from);
  const limit = Math.round(width * (1 - BEYOND));
  const { at, breaks } = makeScale({ runs, taken, low, high, allocated, scheduled, total, poolMax, limit, width });

  const segments = runs.map(({ kind, from, to }) => {
    const gap = runs.some((next) => next.from === to) ? 1 : 0;
    return { kind, count: to - from, x: at(from), width: Math.max(2, at(to) - at(from) - gap) };
  });
  const isOpen = high > poolMax;
  const bandX = low > poolMax ? limit + 2 : at(low);
  const bandEnd = isOpen ? width : at(high);
  const band = bufferMax === 0 ? undefined : { x: bandX, width: Math.max(MIN, bandEnd - bandX), isOpen };
  const waitFrom = at(allocated);
  const waitTo = taken > poolMax ? limit : at(taken);
  const waitingSpan = waitTo > waitFrom ? { x: waitFrom, width: waitTo - waitFrom } : undefined;
  return { limit, segments, band, waiting: waitingSpan, breaks };
};

type ScaleInput = {
  readonly runs: readonly Run[];
  readonly taken: number;
  readonly low: number;
  readonly high: number;
  readonly allocated: number;
  readonly scheduled: number;
  readonly total: number;
  readonly poolMax: number;
  readonly limit: number;
  readonly width: number;
};

/** One monotone scale in three zones, allocated, buffer and room: linear inside each, each at least its minimum. */
const makeScale = (input: ScaleInput) => {
  const { runs, taken, low, high, allocated, scheduled, total, poolMax, limit, width } = input;
  const inside = (value: number) => Math.min(value, poolMax);
  const start = inside(allocated);
  const bufferEnd = Math.max(inside(high), inside(scheduled));
  const zones = [
    { from: 0, to: start, min: ZONE_MIN },
    { from: start, to: bufferEnd, min: Math.round(limit * BUFFER) },
    { from: bufferEnd, to: poolMax, min: ZONE_MIN },
  ];
  const widths = share(
    zones.map(({ from, to, min }) => ({ length: to - from, min })),
    limit,
  );
  const points = [0, poolMax, taken, low, high, start, bufferEnd, ...runs.flatMap(({ from, to }) => [from, to])];
  const sorted = [...new Set(points.map(inside))].sort((one, other) => one - other);
  const xs = new Map([[0, 0]]);
  const xOf = (value: number) => xs.get(value) ?? 0;
  zones.forEach(({ from, to }, index) => {
    const marks = sorted.filter((point) => point > from && point <= to);
    const steps = marks.map((mark, i) => ({ length: mark - (marks[i - 1] ?? from), min: MIN }));
    const stepWidths = share(steps, widths[index] ?? 0);
    marks.forEach((mark, i) => xs.set(mark, xOf(marks[i - 1] ?? from) + (stepWidths[i] ?? 0)));
  });

  // Members beyond poolMax take up to three quarters of the strip after it.
  const perMember = (0.75 * (width - limit)) / Math.max(1, total - poolMax, poolMax * BEYOND);
  const beyond = runs.filter(({ to }) => to > poolMax);
  const beyondWidths = share(
    beyond.map(({ from, to }) => ({ length: to - Math.max(from, poolMax), min: from < poolMax ? 0 : BEYOND_MIN })),
    Math.max(0, total - poolMax) * perMember,
  );
  beyond.forEach(({ from, to }, i) => xs.set(to, (from > poolMax ? xOf(from) : limit + 2) + (beyondWidths[i] ?? 0)));
  const at = (value: number) => Math.round(xOf(value));
  const breaks = zones.flatMap(({ from, to }, index) => {
    const zone = widths[index] ?? 0;
    const isCompressed = index !== 1 && zone >= 24 && ((to - from) / poolMax) * limit > zone * 1.2;
    return isCompressed ? [Math.round((xOf(from) + xOf(to)) / 2)] : [];
  });
  return { at, breaks };
};

type Part = { readonly length: number; readonly min: number };

/** Shares `space` in proportion to the lengths; what would get less than its minimum gets the minimum first. */
const share = (parts: readonly Part[], space: number): readonly number[] => {
  const fixed = new Set<Part>();
  for (;;) {
    const free = parts.filter((part) => !fixed.has(part));
    const taken = [...fixed].reduce((sum, { min }) => sum + min, 0);
    const rest = free.reduce((sum, { length }) => sum + length, 0);
    const unit = rest > 0 ? Math.max(0, space - taken) / rest : 0;
    const small = free.find(({ length, min }) => length > 0 && length * unit < min);
    if (small === undefined) return parts.map((part) => (fixed.has(part) ? part.min : part.length * unit));
    fixed.add(small);
  }
};
