// Compiles contracts/ and writes their ABI and bytecode as TypeScript modules, which are committed: the service needs neither Hardhat nor solc.
// `--check` writes nothing and exits 1 when a committed module is not what the sources compile to.
import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
process.env.HARDHAT_CONFIG = join(ROOT, 'hardhat.config.cjs');

const MODULES = [
  { contract: 'CheckpointAnchor', source: 'contracts/CheckpointAnchor.sol', name: 'checkpointAnchor', file: 'src/platform/chain/abi/checkpoint-anchor.ts' },
  { contract: 'RightsSettlement', source: 'contracts/RightsSettlement.sol', name: 'rightsSettlement', file: 'src/platform/chain/abi/rights-settlement.ts' },
  { contract: 'TestToken', source: 'contracts/mocks/TestToken.sol', name: 'testToken', file: 'src/platform/chain/abi/test-token.ts' },
];

const check = process.argv.includes('--check');
const hre = createRequire(import.meta.url)('hardhat');
await hre.run('compile', { quiet: true });

let stale = 0;
for (const { contract, source, name, file } of MODULES) {
  const artifact = await hre.artifacts.readArtifact(contract);
  const entries = artifact.abi.map((entry) => `  ${JSON.stringify(entry)},\n`).join('');
  const text = `// Generated from ${source} by \`npm run contracts:generate\`; do not edit.\n\n`
    + `export const ${name}Abi = [\n${entries}] as const;\n\n`
    + `/** Creation code; the constructor's arguments, ABI-encoded, follow it. */\nexport const ${name}Bytecode = '${artifact.bytecode}';\n`;
  const path = join(ROOT, file);
  if (!check) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    console.log(`wrote ${file} (${(artifact.deployedBytecode.length - 2) / 2} bytes of code)`);
  } else if (await readFile(path, 'utf8').catch((error) => { if (error.code === 'ENOENT') return ''; throw error; }) !== text) {
    stale += 1;
    console.error(`${file} is not what ${source} compiles to: run \`npm run contracts:generate\``);
  }
}
process.exitCode = stale === 0 ? 0 : 1;
