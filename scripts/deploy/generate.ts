// Part of `npm run generate`: writes deploy/warmpool.yaml.
import { writeFileSync } from 'node:fs';
import { buildManifest, MANIFEST } from './manifest.ts';

writeFileSync(MANIFEST, buildManifest());
