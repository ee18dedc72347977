// Who may import whom in the page (docs/architecture.md): itself, src/lib and the client that is generated from the API; nothing of the service.
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'page-knows-lib-only', severity: 'error', from: { path: '^web/' }, to: { pathNot: ['^web/', '^src/lib/', '^node_modules/'] } },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: ['\\?worker'] } },
  ],
  options: { tsConfig: { fileName: require('node:path').join(__dirname, 'tsconfig.json') }, tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { conditionNames: ['import', 'module', 'default', 'types'], exportsFields: ['exports'], extensions: ['.ts', '.tsx', '.js', '.json'] } },
};
