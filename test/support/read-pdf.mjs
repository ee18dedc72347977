// Reads a PDF from standard input with another program than the one that wrote it, and prints what it holds as JSON. A process of its own: the reader is
// an ES module, which jest does not load.
import { buffer } from 'node:stream/consumers';
import { extractLinks, extractText, getDocumentProxy, getMeta } from 'unpdf';

const document = await getDocumentProxy(new Uint8Array(await buffer(process.stdin)));
const { text: pages } = await extractText(document, { mergePages: false });
const { info } = await getMeta(document);
const { links } = await extractLinks(document);
const first = await document.getPage(1);
process.stdout.write(JSON.stringify({ pages, info, links, size: first.getViewport({ scale: 1 }).viewBox, scripts: (await document.getJSActions()) ?? null }));
