/** Multipart bodies, streamed: files go to whoever wants them while they arrive. Knows nothing of what they are. */
export { MultipartRefusal, type MultipartProblem } from './multipart-refusal.js';
export { type ArrivingFile, type MultipartLimits, receiveMultipart } from './receive-multipart.js';
