/* oxlint-disable no-underscore-dangle -- Node's loader hooks have such names */
// Lets plain Node run the project's TypeScript: `node test/support/run-typescript.cjs file.ts [arguments]`. For programs that a
// test starts as a process of its own (in order to kill it), and for jest's globalSetup, where jest maps no `.js` to `.ts`.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function resolveTypeScript(request, parent, ...rest) {
  const asTypeScript = /^\.{1,2}\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts');
  return resolveFilename.call(this, asTypeScript ? request.replace(/\.js$/, '.ts') : request, parent, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename, swcrc: false, sourceMaps: 'inline', module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } },
  });
  module._compile(code, filename);
};

module.exports = { load: (path) => require(path) };

if (require.main === module) require(resolve(process.argv[2]));
