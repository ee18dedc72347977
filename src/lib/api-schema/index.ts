/** Shapes of requests and answers, shared by the service, the command line and the page. */
export { accountId, rowNumber, seqParameter } from './ids.js';
export { moment, rowTime } from './moment.js';
export { fileName, line, paragraphs } from './text.js';
export { type Amendment, amendmentSchema, type DeclaredContent, declaredContentSchema, declaredWorkSchema, type WorkForm, withdrawalSchema, workFormSchema } from './work-form.js';
