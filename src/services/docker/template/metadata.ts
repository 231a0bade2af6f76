// Labels and annotations of the template. Docker has one kind of both: labels.
import { z } from 'zod';
import { isQualifiedName, Labels } from '../../../contract/metadata.ts';
import { must } from '../../../contract/must.ts';
import { fields, Text } from './fields.ts';

/** The driver finds its containers by labels under this prefix. */
const OWN_PREFIX = 'warmpool.dev/';

/** Kubernetes converts the keys of annotations to lower case before it validates them. */
const AnnotationKey = z
  .string()
  .refine((key) => isQualifiedName(key.toLowerCase()), { error: 'the key must have the form [prefix/]name' });

export const Metadata = fields({
  labels: Labels.default({}),
  annotations: z.record(AnnotationKey, Text, must('be an object')).default({}),
})
  .superRefine(({ labels, annotations }, context) => {
    const refuse = (path: string[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
    };
    for (const [field, entries] of Object.entries({ labels, annotations }))
      for (const key of Object.keys(entries))
        if (key.toLowerCase().startsWith(OWN_PREFIX)) refuse([field, key], `keys under ${OWN_PREFIX} are reserved`);
    for (const key of Object.keys(annotations))
      if (Object.hasOwn(labels, key))
        refuse(['annotations', key], 'must not be the key of a label, too: the docker driver stores both as labels');
  })
  .prefault({});
