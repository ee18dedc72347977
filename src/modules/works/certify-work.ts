import { Inject, Injectable } from '@nestjs/common';
import { composeCertificate, readCertificateFacts } from '../../lib/certificate/index.js';
import { BUNDLE_EXTENSION, BUNDLE_MEDIA_TYPE, type ProofBundle } from '../../lib/proof/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { DrawPdf } from '../../platform/pdf/index.js';
import { type ProofRequest, ProveWork } from './prove-work.js';

/** The deposit certificate (存证证书) of a work as PDF, with its proof attached: it says what the proof holds, and nothing more. */
@Injectable()
export class CertifyWork {
  constructor(private readonly proveWork: ProveWork, private readonly drawPdf: DrawPdf, @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>) {}

  /** @throws DomainError as {@link ProveWork.execute}; `HTTP.UNAVAILABLE` (Retry-After) while too many are drawn. */
  async execute(typed: string, request: ProofRequest): Promise<{ number: string; file: Buffer }> {
    const bundle = (await this.proveWork.execute(typed, request)) as unknown as ProofBundle;
    const number = bundle.subject;
    const certificate = composeCertificate(readCertificateFacts(bundle, `${this.config.publicUrl}/verify/${number}`));
    const attachment = { name: `${number}${BUNDLE_EXTENSION}`, mediaType: BUNDLE_MEDIA_TYPE, description: 'Zhengben proof bundle', text: JSON.stringify(bundle) };
    return { number, file: await this.drawPdf.execute({ ...certificate, attachment }) };
  }
}
