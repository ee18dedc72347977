// Who may import whom (docs/architecture.md). Cycles are forbidden everywhere.
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'lib-is-pure', severity: 'error', from: { path: '^src/lib/' }, to: { pathNot: ['^src/lib/', '^node_modules/(@noble/|zod/|canonicalize/)'] } },
    { name: 'platform-has-no-domain', severity: 'error', from: { path: '^src/platform/' }, to: { path: '^src/(modules|cli|migrations)/' } },
    { name: 'modules-through-their-doors', severity: 'error', from: { path: '^src/modules/([^/]+)/' }, to: { path: '^src/modules/(?!$1/)[^/]+/(?!index\\.ts$)' } },
    { name: 'modules-know-no-outer-layer', severity: 'error', from: { path: '^src/modules/' }, to: { path: '^src/(cli|migrations|dev-stack|main|app\\.module)' } },
    { name: 'not-to-dev-dependencies', severity: 'error', from: { path: '^src/', pathNot: '^src/dev-stack' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] } },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: { tsConfig: { fileName: 'tsconfig.json' }, tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'], exportsFields: ['exports'] } },
};
