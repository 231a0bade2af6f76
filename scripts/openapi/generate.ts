// Writes openapi.generated.json: `npm run generate`.
import { writeFileSync } from 'node:fs';
import { VERSION } from '../../src/server/version.ts';
import { createDocument } from './document.ts';

const file = new URL('../../openapi.generated.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(createDocument(VERSION), null, 2)}\n`);
