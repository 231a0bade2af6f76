// `npm run build:client`: builds the package of the client, one file of JavaScript and one of declarations, with what they need of the contract and the router inside.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';

const pathOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The sources have erasable syntax only: each file can be translated alone. */
const translate = {
  name: 'translate',
  transform: (code, id) =>
    ts.transpileModule(code, {
      fileName: id,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    }).outputText,
};

const addLicense = {
  name: 'add-license',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'LICENSE', source: readFileSync(pathOf('LICENSE')) });
  },
};

const isPackage = (id) => /^[@a-z]/.test(id);

export default [
  {
    input: pathOf('src/client/index.ts'),
    output: { file: pathOf('src/client/dist/index.js') },
    external: isPackage,
    plugins: [translate, addLicense],
    // Of the contract the client needs constants and types. Its schemas stay out, and with them zod.
    treeshake: { moduleSideEffects: false, manualPureFunctions: ['z', 'closedObject', 'must'] },
  },
  {
    input: pathOf('src/client/index.ts'),
    output: { file: pathOf('src/client/dist/index.d.ts') },
    // The router's type names one type of this package of the server's: it is copied.
    external: (id) => isPackage(id) && id !== 'trpc-to-openapi',
    plugins: [dts({ tsconfig: pathOf('tsconfig.json'), includeExternal: ['trpc-to-openapi'] })],
  },
];
