import 'i18next';
import type app from '../locales/zh/app.json';
import type problems from '../locales/zh/problems.json';
import type start from '../locales/zh/start.json';
import type verify from '../locales/zh/verify.json';

// A key that no file of words has does not compile. That all languages have the same keys is held by test/unit/web/locales.test.ts.
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: typeof app; problems: typeof problems; start: typeof start; verify: typeof verify };
  }
}
