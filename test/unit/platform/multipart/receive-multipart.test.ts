import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { receiveMultipart } from '../../../../src/platform/multipart/index.js';

const LIMITS = { fileParts: ['files'], fileBytes: 1_000, files: 2, fields: 1, fieldBytes: 1_000 };

test('whoever left before their upload was asked for is not waited for', async () => {
  const request = new IncomingMessage(new Socket());
  request.headers = { 'content-type': 'multipart/form-data; boundary=x' };
  await new Promise((closed) => request.once('close', closed).destroy());
  await expect(receiveMultipart(request, LIMITS, async () => undefined)).rejects.toMatchObject({ problem: 'interrupted' });
}, 5_000);
