// Compiles with the solc of package.json: no compiler is ever downloaded, so a checkout builds without a network.
const { subtask } = require('hardhat/config');
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require('hardhat/builtin-tasks/task-names');
const solc = require('solc/package.json');

subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD).setAction(async ({ solcVersion }, _hre, runSuper) => {
  if (solcVersion !== solc.version) return runSuper();
  return {
    version: solc.version,
    longVersion: require('solc').version().replace('.Emscripten.clang', ''),
    compilerPath: require.resolve('solc/soljson.js'),
    isSolcJs: true,
  };
});

module.exports = {
  solidity: {
    version: solc.version,
    settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: 'cancun' },
  },
  networks: { hardhat: { chainId: 31337, hardfork: 'prague' } },
};
