import { QueryFailedError } from 'typeorm';
import { describeError } from '../../../../src/platform/http/describe-error.js';

test('of a failed query neither parameters nor rows reach the log', () => {
  const driverError = Object.assign(new Error('duplicate key value violates unique constraint "account_email_key"'), {
    code: '23505', constraint: 'account_email_key', detail: 'Key (email)=(lin.zhou@example.com) already exists.',
  });
  const failed = new QueryFailedError('INSERT INTO account VALUES ($1)', ['lin.zhou@example.com', '林舟'], driverError);
  const described = describeError(new Error('not deposited', { cause: failed }));
  expect(described.cause).toMatchObject({ type: 'QueryFailedError', code: '23505', constraint: 'account_email_key' });
  expect(JSON.stringify(described)).not.toMatch(/lin\.zhou|林舟/);
});

test('errors that cause each other are followed a few times', () => {
  const [one, other] = [new Error('one'), new Error('other')];
  Object.assign(one, { cause: other });
  Object.assign(other, { cause: one });
  expect(JSON.stringify(describeError(one)).match(/"type"/g)?.length).toBe(6);
});

test('what is thrown need not be an error', () => {
  expect([describeError('lost'), describeError({ password: 'x' })]).toEqual([{ type: 'string', message: 'lost' }, { type: 'object', message: 'not an error' }]);
});
