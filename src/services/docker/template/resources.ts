// Resources of a container: CPU in cores, memory in bytes.
import { z } from 'zod';
import { must } from '../../../contract/must.ts';
import { fields } from './fields.ts';
import { parseQuantity } from './quantity.ts';

const quantity = (min: number, atLeast: string) => {
  const rule = must('be a quantity, like 0.5, 500m or 128Mi');
  return z
    .union([z.string(), z.number()], rule)
    .transform((given) => parseQuantity(given) ?? NaN)
    .pipe(z.number(rule).min(min, must(`be at least ${atLeast}`)));
};

/** The smallest limits that Docker accepts. */
const CpuLimit = quantity(0.01, '10m').optional();
const Memory = quantity(6 * 1024 ** 2, '6Mi')
  .transform(Math.ceil)
  .optional();
const CpuRequest = quantity(0, '0').optional();

export const Resources = fields({
  limits: fields({ cpu: CpuLimit, memory: Memory }).default({}),
  requests: fields({ cpu: CpuRequest, memory: Memory }).default({}),
})
  .superRefine(({ limits, requests }, context) => {
    for (const name of ['cpu', 'memory'] as const)
      if ((requests[name] ?? 0) > (limits[name] ?? Infinity))
        context.addIssue({ code: 'custom', path: ['requests', name], message: 'must not be greater than the limit' });
  })
  .prefault({});
