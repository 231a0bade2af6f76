// Keeps the place of what comes. Invisible for the first 200 ms: most responses arrive before.
type SkeletonProps = { readonly width: number | string; readonly height?: number };

export const Skeleton = ({ width, height = 12 }: SkeletonProps) => (
  <span className="sk appears-late" style={{ width, height }} aria-hidden="true" />
);
