// Draws the chart into an element, follows its width, its data and its colours, and returns where things are.
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import { chartRange, timeRange, type ChartData } from './chart-data.ts';
import { chartOptions, toAligned, tokensOf } from './chart-options.ts';

type UseChartOptions = {
  readonly data: ChartData;
  readonly minutes: number;
  readonly nowMs: number;
  /** Changes with everything that changes colours. */
  readonly look: string;
};

/** From values to pixels of the element, after the last drawing. */
export type Scales = {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  readonly toX: (epochSeconds: number) => number;
  readonly toY: (count: number) => number;
};

export const useChart = ({ data, minutes, nowMs, look }: UseChartOptions) => {
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const [host, setHost] = useState<HTMLDivElement | null>(null);
  const ref = useMergedRef(sizeRef, setHost);
  const chart = useRef<uPlot>(null);
  const [scales, setScales] = useState<Scales>();
  const [index, setIndex] = useState<number | null>(null);
  const range = useMemo(() => chartRange(data), [data]);
  const latest = useRef({ range, time: timeRange(minutes, nowMs) });
  latest.current = { range, time: timeRange(minutes, nowMs) };

  useEffect(() => {
    if (host === null || width === 0) return undefined;
    const drawn = new uPlot(
      chartOptions({
        width,
        token: tokensOf(host),
        range: () => latest.current.range,
        time: () => latest.current.time,
        onCursor: setIndex,
        onDraw: (target) => {
          setScales(scalesOf(target));
        },
      }),
      undefined,
      host,
    );
    chart.current = drawn;
    return () => {
      chart.current = null;
      drawn.destroy();
    };
  }, [host, width, look]);

  useEffect(() => {
    chart.current?.setData(toAligned(data, range));
  }, [data, range, nowMs, width, look]);

  /** Moves the crosshair by so many points, for the keyboard. */
  const move = (step: number): void => {
    const present = index ?? data.time.length - (step > 0 ? 1 : 0);
    const next = Math.max(0, Math.min(data.time.length - 1, present + step));
    const left = chart.current?.valToPos(data.time[next] ?? 0, 'x') ?? 0;
    chart.current?.setCursor({ left, top: 0 });
  };
  const leave = (): void => {
    chart.current?.setCursor({ left: -10, top: -10 });
  };
  return { ref, scales, index, range, move, leave };
};

const scalesOf = (chart: uPlot): Scales => {
  const ratio = uPlot.pxRatio;
  const { left, top, width, height } = chart.bbox;
  const box = { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio };
  return {
    ...box,
    toX: (value) => chart.valToPos(value, 'x'),
    toY: (value) => box.top + chart.valToPos(value, 'y'),
  };
};
