import { setTimeout as sleep } from 'node:timers/promises';
import { composeContract, contractDigest, contractText, printContract } from '../../../../src/lib/contract/index.js';
import { PdfError, PdfRenderer, type Printable } from '../../../../src/platform/pdf/index.js';
import { type ReadPdf, readPdf as read, squeeze } from '../../../support/read-pdf.js';
import { CO_OWNER, GRANTOR, licenceFacts, LICENSEE } from '../../lib/contract/facts.js';

const AT = '2026-11-20T12:00:00.000Z';
const LEAF = '0123456789abcdef'.repeat(4);
const minimal = (change: Partial<Printable> = {}): Printable => ({ title: { zh: '标题', en: 'Title' }, sections: [], footer: { zh: '脚注', en: 'Footer' }, createdAt: AT, ...change });
const quoting = (quoted: string): Printable => minimal({ sections: [{ heading: { zh: '引', en: 'Quoted' }, paragraphs: [{ zh: '如下：', en: 'as follows:', quoted }] }] });

const renderer = new PdfRenderer();
afterAll(() => renderer.stop());

describe('a contract', () => {
  const document = composeContract(licenceFacts({ consents: [{ account: CO_OWNER, statementId: 'statement-1' }], conditions: ['不得用于煙草廣告。', 'Nothing else.'] }));
  const printed = printContract(document, [
    { role: 'grantor', account: GRANTOR, acceptedAt: AT, leafHash: LEAF, signed: true }, { role: 'licensee', account: LICENSEE, acceptedAt: null, leafHash: null, signed: false },
  ], AT);
  let file: Buffer;
  let content: ReadPdf;
  beforeAll(async () => {
    file = await renderer.renderDocument(printed);
    content = read(file);
  });

  test('reads as what it says: titles, numbers, free text, acceptances and the digest', () => {
    const all = squeeze(content.pages.join('\n'));
    const { title, number, name } = { title: '著作权许可使用合同', number: 'LC-7K3M-9Q4D-W2XC-V', name: '某某文化传媒有限公司' };
    for (const text of [title, number, name, 'ZB-5H2N-8R6T-Y4PA-M', '鬱金香', '不得用于煙草廣告。', GRANTOR, LICENSEE, LEAF, AT, '许可使用的权利种类', 'statement-1', contractDigest(contractText(document))]) expect(all).toContain(squeeze(text));
    expect(all).not.toContain('[U+');
  });

  test('holds every line of the text that is accepted', () => {
    const foot = (i: number): string => squeeze(`${printed.footer.zh}${printed.footer.en}${i + 1} / ${content.pages.length}`);
    const pages = content.pages.map((page, i) => squeeze(page).replace(foot(i), ''));
    const annex = pages.slice(pages.findIndex((page) => page.startsWith('接受的文本'))).join('');
    expect(annex).toContain(squeeze(contractText(document)));
  });

  test('is A4, with its page number and what it is at the foot of every page', () => {
    expect(content.size.map(Math.round)).toEqual([0, 0, 595, 842]);
    for (const [i, page] of content.pages.entries()) {
      expect(squeeze(page)).toContain(squeeze(`${i + 1} / ${content.pages.length}`));
      expect(squeeze(page)).toContain(squeeze(printed.footer.zh));
    }
  });

  test('embeds subsets of its fonts and stays small', () => {
    const body = file.toString('latin1');
    expect(body.match(/\/FontFile2 /g)).toHaveLength(2);
    expect(body.match(/\/BaseFont \/[A-Z]{6}\+NotoSansSC-\w+/g)?.length).toBeGreaterThanOrEqual(2);
    expect(body).not.toMatch(/\/BaseFont \/(?![A-Z]{6}\+)/);
    expect(file.length).toBeLessThan(300_000);
  });

  test('is the same bytes again, on this thread and on another', async () => {
    expect((await renderer.renderDocument(structuredClone(printed))).equals(file)).toBe(true);
    const other = new PdfRenderer();
    expect((await other.renderDocument(printed)).equals(file)).toBe(true);
    await other.stop();
    expect(content.info.CreationDate).toBe('D:20261120120000Z');
    expect((await renderer.renderDocument({ ...printed, createdAt: '2026-11-20T12:00:01.000Z' })).equals(file)).toBe(false);
  });

  test('keeps the event loop free: it goes on turning while a document is drawn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await renderer.renderDocument(printed);
    clearInterval(timer);
    // Drawn in place, it would turn twice.
    expect(turns).toBeGreaterThanOrEqual(5);
  });
});

test('what the font has not is written as its number, never left out', async () => {
  const { pages } = read(await renderer.renderDocument(quoting('𠮷野家 😀 ب \u{200b}|龘鬱厶é')));
  const all = squeeze(pages.join(''));
  expect(all).toContain('[U+20BB7]野家[U+1F600][U+0628]');
  expect(all).toContain('|龘鬱厶é');
  expect(all).toContain('[U+200B]');
});

test('nothing in free text acts: no links, no scripts, no files', async () => {
  const hostile = ['https://example.com/ javascript:alert(1)', ') Tj ET /JS (app.alert(1)) /OpenAction <</S /JavaScript>> (', '\\) >> endobj 1 0 obj <</AA 1>>', '(((', '%PDF-1.7\r\n%%EOF'].join('\n');
  const file = await renderer.renderDocument({ ...quoting(hostile), title: { zh: ') /JS (app.alert(1))', en: '\\' } });
  const { pages, links, scripts, info } = read(file);
  expect(squeeze(pages.join(''))).toContain(squeeze('/JS (app.alert(1)) /OpenAction'));
  expect([links, scripts]).toEqual([[], null]);
  expect(info.Title).toBe(') /JS (app.alert(1)) / \\');
  // Objects of their own, outside of any string or stream.
  expect(file.toString('latin1')).not.toMatch(/\/(?:Annots|OpenAction|AcroForm|EmbeddedFiles|URI|Launch|AA)\b/);
});

test('long text goes on over pages: tables, unbroken words, thousands of lines', async () => {
  const rows = Array.from({ length: 80 }, (_, i) => [`row-${i}-end`, 'x'.repeat(200)]);
  const { pages } = read(await renderer.renderDocument(minimal({
    sections: [{ heading: { zh: '长', en: 'Long' }, paragraphs: [{ zh: '字'.repeat(5_000), en: `${'w'.repeat(3_000)}-fin`, quoted: Array.from({ length: 300 }, (_, i) => `line-${i}-end`).join('\n') }] }],
    tables: [{ heading: { zh: '表', en: 'Table' }, columns: [{ zh: '甲', en: 'A' }, { zh: '乙', en: 'B' }], rows: [...rows, ['', '多'.repeat(3_000)]] }],
  })));
  const all = squeeze(pages.join(''));
  for (const text of ['line-0-end', 'line-299-end', 'row-0-end', 'row-79-end', 'www-fin']) expect(all).toContain(text);
  expect(all.split('字').length - 1).toBe(5_000);
});

test('one that cannot be drawn fails alone', async () => {
  const [good, bad, after] = await Promise.allSettled([renderer.renderDocument(minimal()), renderer.renderDocument(minimal({ createdAt: 'yesterday' })), renderer.renderDocument(minimal())]);
  expect([good.status, bad.status, after.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(bad.status === 'rejected' && bad.reason instanceof PdfError && bad.reason.code).toBe('failed');
});

test('whoever comes when too many wait is told so; whoever takes too long is ended; the next is served', async () => {
  const small = new PdfRenderer({ mostWaiting: 1, timeoutMs: 5_000 });
  const first = small.renderDocument(minimal());
  const second = small.renderDocument(minimal());
  await expect(small.renderDocument(minimal())).rejects.toMatchObject({ code: 'busy' });
  await Promise.all([first, second]);
  await small.stop();

  const hasty = new PdfRenderer({ timeoutMs: 1 });
  await expect(hasty.renderDocument(minimal())).rejects.toMatchObject({ code: 'timeout' });
  await hasty.stop();
});

test('stopping tells who waits, idling ends the thread, and asking again starts another', async () => {
  const own = new PdfRenderer({ idleMs: 20 });
  const waiting = [own.renderDocument(minimal()), own.renderDocument(minimal())].map((asked) => expect(asked).rejects.toMatchObject({ code: 'stopped' }));
  await own.stop();
  await Promise.all(waiting);
  const one = await own.renderDocument(minimal());
  await sleep(100);
  expect((await own.renderDocument(minimal())).equals(one)).toBe(true);
  await own.stop();
});
