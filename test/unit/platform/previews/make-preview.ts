import { MARK, previewsIn } from './support.js';

// A process that makes one preview, for a test that kills it: `make-preview.ts DATA_DIR SHA256`.
const [dataDir = '', sha256 = ''] = process.argv.slice(2);
const { previews } = previewsIn(dataDir);
void previews.read({ sha256, longSide: 320, mark: MARK, keep: true }).then((image) => process.stdout.write(`made ${image.length}\n`));
