// Writes docs/openapi.json (routes, what they take, what they answer) and web/src/api/schema.ts (the same as TypeScript, for the page's client).
// With --check it compares them with what is committed. Run after the build: `npm run openapi:generate`, `npm run openapi:check`.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import { describeRoutes } from '../dist/src/openapi.js';
import { readAnswerSchemas } from './answer-schemas.mjs';

const METHODS = ['get', 'put', 'post', 'delete', 'patch'];

const document = await describeRoutes();
const { answers, schemas } = readAnswerSchemas('tsconfig.json');
for (const path of Object.values(document.paths)) {
  for (const operation of METHODS.map((method) => path[method]).filter(Boolean)) {
    const schema = answers[operation.operationId];
    if (schema === undefined) continue;
    const status = Object.keys(operation.responses).find((code) => code.startsWith('2'));
    operation.responses[status].content = { 'application/json': { schema } };
  }
}
const all = { ...document.components.schemas, ...schemas };
document.components.schemas = Object.fromEntries(Object.keys(all).toSorted().map((name) => [name, all[name]]));

const types = astToString(await openapiTypes(document));
const generated = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'web/src/api/schema.ts': `// Generated from docs/openapi.json by «npm run openapi:generate».\n${types}`,
};
for (const [path, text] of Object.entries(generated)) {
  if (!process.argv.includes('--check')) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${path} is not what the routes say: run «npm run openapi:generate» and commit it\n`);
    process.exitCode = 1;
  }
}
