// The template of a pool's members: a Kubernetes PodTemplateSpec. Only what every member needs is validated here.
import { z } from 'zod';
import { must } from './must.ts';

const NonEmpty = z.string(must('be a string')).min(1, must('not be empty'));

const Named = z.looseObject({ name: z.string() });
const Container = z.looseObject({ name: NonEmpty, image: NonEmpty }, must('be an object'));

const Containers = z
  .array(Container, must('be an array'))
  .min(1, must('have at least one container'))
  .superRefine(
    (containers, context) => {
      const seen = new Set<unknown>();
      containers.forEach((container: unknown, index) => {
        const name = nameOf(container);
        if (name !== undefined && seen.has(name))
          context.addIssue({ code: 'custom', path: [index, 'name'], message: `the name "${name}" is used twice` });
        seen.add(name);
      });
    },
    { when: ({ value }) => Array.isArray(value) },
  );

/** Also called for values that are not valid containers: unique names are checked even if a container is invalid. */
const nameOf = (container: unknown) => Named.safeParse(container).data?.name;

const Rules = z.looseObject({ spec: z.looseObject({ containers: Containers }, must('be an object')) });

/** Any object: what other writers stored is shown as it is. */
export const StoredTemplate = z.record(z.string(), z.unknown(), must('be an object'));

/** Paths of numbers that did not survive parsing: infinite ones, and integers beyond 2^53. */
const inexactNumbers = (value: unknown, path: (string | number)[] = []): (string | number)[][] => {
  if (typeof value === 'number')
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  const isArray = Array.isArray(value);
  return Object.entries(value).flatMap(([key, child]) => inexactNumbers(child, [...path, isArray ? Number(key) : key]));
};

/** Any object, so that a template that was read can be sent back. On Kubernetes the API server validates it in full. */
export const PodTemplate = StoredTemplate.superRefine((template, context) => {
  for (const { path, message } of Rules.safeParse(template).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message });
  for (const path of inexactNumbers(template))
    context.addIssue({
      code: 'custom',
      path,
      message: 'is a number that cannot be stored exactly; write it as a string',
    });
}).meta({
  id: 'PodTemplate',
  description:
    'Kubernetes PodTemplateSpec, stored unchanged. `spec.containers` must have at least one container, each with a unique `name` and an `image`.',
  examples: [{ spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } }],
});

export const PodTemplatePatch = z.record(z.string(), z.unknown(), must('be an object or null')).meta({
  id: 'PodTemplatePatch',
  description: 'Changes to the template, as a JSON merge patch.',
});
