// Checks what the API server sent.
import type { z } from 'zod';
import { WarmpoolError } from '../../warmpool-error.ts';

/** Errors: POOL_API_ERROR with the path of the first field that the schema rejects. */
export const parseObject = <T>(schema: z.ZodType<T>, object: unknown): T => {
  const { data, error } = schema.safeParse(object);
  if (error === undefined) return data;
  const message = `The Kubernetes API server sent an unexpected object (${error.issues[0]?.path.join('.') ?? ''}).`;
  throw new WarmpoolError('KUBERNETES::POOL_API_ERROR', message, { cause: error });
};
