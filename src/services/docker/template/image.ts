// Image references, as Docker and Kubernetes read them.
// Source: https://pkg.go.dev/github.com/distribution/reference
import { must } from '../../../contract/must.ts';
import { Text } from './fields.ts';

const REFERENCE =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:[./]|__?|-+)[a-z0-9]+)*(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

const MAX_LENGTH = 512;

const partsOf = (image: string) => (image.length <= MAX_LENGTH ? REFERENCE.exec(image) : null);

export const Image = Text.refine(
  (image) => partsOf(image) !== null,
  must('be an image reference: [host[:port]/]name[:tag][@sha256:digest], the name in lower case'),
);

/** The reference with its tag: an image without tag or digest is the one tagged `latest`. */
export const withTag = (image: string): string => {
  const [, tag, digest] = partsOf(image) ?? [];
  return tag === undefined && digest === undefined ? `${image}:latest` : image;
};

/** Whether the registry is asked every time unless the template says otherwise: the image has the tag `latest` or none. */
export const isLatest = (image: string): boolean => !image.includes('@') && withTag(image).endsWith(':latest');
