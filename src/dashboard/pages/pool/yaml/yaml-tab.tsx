import type { PoolResponse } from '../../../../contract/pool.ts';

export const YamlTab = ({ pool }: { readonly pool: PoolResponse }) => <section aria-label={`Yaml of ${pool.name}`} />;
