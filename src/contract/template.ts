// The template of a pool's members: a Kubernetes PodTemplateSpec, of which only what every member needs is judged here.
import { z } from 'zod';
import { inexactNumbers } from './inexact-numbers.ts';
import { must } from './must.ts';

const NonEmpty = z.string(must('be a string')).min(1, must('not be empty'));

const Container = z.looseObject(
  {
    name: NonEmpty.describe('Name of the container, unique in the template.'),
    image: NonEmpty.describe('Image of the container.'),
  },
  must('be an object'),
);

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

/** The name of what may not be a container: the rule of unique names is judged also when a container is wrong. */
const nameOf = (container: unknown) =>
  typeof container === 'object' && container !== null && 'name' in container && typeof container.name === 'string'
    ? container.name
    : undefined;

/** A PodTemplateSpec. Members that are not named here are kept as they are; on Kubernetes the API server judges them. */
export const PodTemplate = z
  .looseObject({ spec: z.looseObject({ containers: Containers }, must('be an object')) }, must('be an object'))
  .superRefine(
    (template, context) => {
      for (const path of inexactNumbers(template))
        context.addIssue({
          code: 'custom',
          path,
          message: 'is a number that cannot be kept exactly; write it as a string',
        });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  )
  .meta({
    id: 'PodTemplate',
    description: 'A Kubernetes PodTemplateSpec. Members that are not listed here are kept.',
    examples: [{ spec: { containers: [{ name: 'sandbox', image: 'python:3.14' }] } }],
  });
export type PodTemplate = z.infer<typeof PodTemplate>;

/** A template as answers show it: what somebody else stored may be any object. */
export const StoredTemplate = z
  .record(z.string(), z.unknown())
  .meta({ id: 'StoredTemplate', description: 'The PodTemplateSpec as stored.' });
export type StoredTemplate = z.infer<typeof StoredTemplate>;
