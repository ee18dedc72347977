/** The deposit certificate (存证证书) of a work: its facts, read from the proof; its words; and the proof found again in a printed one. Pure. */
export { composeCertificate, type PrintedCertificate } from './compose-certificate.js';
export { type CertificateFacts, readCertificateFacts } from './facts.js';
export { findAttachedBundle, type Inflate, isPdf } from './find-attached-bundle.js';
