// deploy/warmpool.yaml, and what it has to agree with.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildManifest, MANIFEST } from '../../scripts/deploy/manifest.ts';
import { VERSION } from '../../src/server/version.ts';

test('deploy/warmpool.yaml is up to date', () => {
  expect(readFileSync(MANIFEST, 'utf8'), 'Run: npm run generate').toBe(buildManifest());
});

test('deploy/warmpool.yaml runs the image that npm run image builds by default, and contains no API key', () => {
  expect(buildManifest()).toContain(`image: warmpool:${VERSION}\n`);
  expect(buildManifest()).not.toMatch(/kind: Secret\b/);
});
