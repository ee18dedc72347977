const { join } = require('node:path');
const { load } = require('./run-typescript.cjs');

const { openTestServer } = load(join(__dirname, 'test-server.ts'));

module.exports = async () => {
  globalThis.zhengbenTestServer = await openTestServer();
  process.env.ZHENGBEN_TEST_SERVER = globalThis.zhengbenTestServer.url;
};
