module.exports = () => globalThis.zhengbenTestServer.close();
