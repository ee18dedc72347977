// `node --import ./test/support/typescript-loader.mjs src/main.ts`: for programs that a test starts as processes of their own.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
