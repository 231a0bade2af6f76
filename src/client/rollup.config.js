// Builds the package: one file of JavaScript and one of declarations, with what they need of the contract and the router inside.
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

const isPackage = (id) => /^[@a-z]/.test(id);

export default [
  {
    input: pathOf('index.ts'),
    output: { file: pathOf('dist/index.js') },
    external: isPackage,
    plugins: [translate],
    // Of the contract the client needs constants and types. Its schemas stay out, and with them zod.
    treeshake: { moduleSideEffects: false, manualPureFunctions: ['z', 'closedObject', 'must'] },
  },
  {
    input: pathOf('index.ts'),
    output: { file: pathOf('dist/index.d.ts') },
    // The router's type names one type of this package of the server's: it is copied.
    external: (id) => isPackage(id) && id !== 'trpc-to-openapi',
    plugins: [dts({ tsconfig: pathOf('../../tsconfig.json'), includeExternal: ['trpc-to-openapi'] })],
  },
];
