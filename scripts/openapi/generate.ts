// Writes openapi.generated.json: `npm run generate`.
import { writeFileSync } from 'node:fs';
import { appRouter } from '../../src/router/app-router.ts';
import { VERSION } from '../../src/server/version.ts';
import { createDocument } from './document.ts';

const file = new URL('../../openapi.generated.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(createDocument(VERSION, appRouter), null, 2)}\n`);
