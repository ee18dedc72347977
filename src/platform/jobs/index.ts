/** The job queue (graphile-worker): jobs are enqueued in the transaction of the act that wants them, and run at least once after it. */
export { defineJob, enqueueJob, type EnqueueOptions, type Job } from './job.js';
export { type JobHandler, JobRegistry } from './job-registry.js';
export { JobsModule } from './jobs.module.js';
