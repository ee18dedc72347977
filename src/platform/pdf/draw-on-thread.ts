import type PDFDocumentType from 'pdfkit';
import type { Printable, PrintableSheet, PrintableTable, PrintableText } from './printable.js';

/** What the thread is started with: absolute paths, since a thread made of text resolves nothing by itself. */
export interface ThreadData {
  readonly library: string;
  /** Of QR codes. */
  readonly codes: string;
  readonly regular: string;
  readonly bold: string;
}

export type Order = { readonly id: number; readonly document: Printable | PrintableSheet };
export type Report = { readonly id: number; readonly bytes: Uint8Array } | { readonly id: number; readonly error: string };

/** What runs on the thread (platform/threads: it may use nothing from outside of its own text). */
export function drawOnThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { createRequire } = process.getBuiltinModule('node:module');
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { library, codes, regular, bold } = workerData as ThreadData;
  const load = createRequire(library);
  const PDFDocument = load(library) as typeof PDFDocumentType;
  const fontkit = load('fontkit') as { create(font: Uint8Array): { hasGlyphForCodePoint(codePoint: number): boolean } };
  const fonts = { regular: readFileSync(regular), bold: readFileSync(bold) };
  const glyphs = fontkit.create(fonts.regular);

  /** Points; A4 is 595 × 842. */
  const MARGINS = { top: 56, bottom: 84, left: 62, right: 62 };
  const SIZES = { title: 17, heading: 11.5, text: 10, small: 7.5 };
  const COLORS = { text: '#1a1a1a', second: '#555555', line: '#b0b0b0' };

  /** Whether the font draws a code point; asked of the font once. */
  const drawn = new Map<number, boolean>();

  /** A character that the font has not is written as its number: a reader sees that something stands there, and what. */
  const visible = (text: string): string => {
    let shown = '';
    for (const character of text.replaceAll('\t', '    ')) {
      const codePoint = character.codePointAt(0) as number;
      let has = drawn.get(codePoint);
      if (has === undefined) drawn.set(codePoint, (has = codePoint >= 0x20 && glyphs.hasGlyphForCodePoint(codePoint)));
      shown += has ? character : `[U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}]`;
    }
    return shown;
  };

  /** A file without pages, and its bytes once it is ended. */
  const open = (title: PrintableText, createdAt: string, margins: typeof MARGINS): { doc: PDFKit.PDFDocument; created: Date; end: () => Promise<Uint8Array> } => {
    const created = new Date(createdAt);
    if (Number.isNaN(created.getTime())) throw new RangeError('createdAt is no time');
    // Without a creation date the library takes the clock's; from the date it also makes the identifier of the file.
    const doc = new PDFDocument({
      size: 'A4', margins, bufferPages: true, autoFirstPage: false, pdfVersion: '1.7', lang: 'zh-CN', displayTitle: true, font: null as unknown as string,
      info: { Title: `${title.zh} / ${title.en}`, CreationDate: created, ModDate: created, Producer: 'zhengben', Creator: 'zhengben' },
    });
    const chunks: Uint8Array[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      doc.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      doc.on('end', resolve);
      doc.on('error', reject);
    });
    doc.registerFont('bold', fonts.bold);
    doc.registerFont('regular', fonts.regular);
    doc.font('regular');
    const end = async (): Promise<Uint8Array> => {
      doc.end();
      await ended;
      return new Uint8Array(Buffer.concat(chunks));
    };
    return { doc, created, end };
  };

  const drawSheet = ({ title, rows, notes, code, attachment, footer, createdAt }: PrintableSheet): Promise<Uint8Array> => {
    const { doc, created, end } = open(title, createdAt, { top: 0, bottom: 0, left: 0, right: 0 });
    doc.addPage();
    const [pageWidth, pageHeight, inset] = [doc.page.width, doc.page.height, 56];
    const width = pageWidth - 2 * inset;
    const place = (text: string, x: number, y: number, options: { width: number; height?: number; size?: number; face?: 'regular' | 'bold'; color?: string; align?: 'left' | 'center' }): number => {
      const { size = 9, face = 'regular', color = COLORS.text, align = 'left', height } = options;
      const shown = text.split('\n').map(visible).join('\n') || ' ';
      doc.font(face).fontSize(size).fillColor(color);
      const asked = { width: options.width, lineGap: 1.2, align };
      const needed = Math.min(doc.heightOfString(shown, asked), height ?? Number.POSITIVE_INFINITY);
      doc.text(shown, x, y, { ...asked, height: needed, ellipsis: true });
      return needed;
    };
    doc.rect(28, 28, pageWidth - 56, pageHeight - 56).lineWidth(2.2).strokeColor('#1f3a5f').stroke();
    doc.rect(33, 33, pageWidth - 66, pageHeight - 66).lineWidth(0.6).strokeColor('#1f3a5f').stroke();
    place(title.zh, inset, 52, { width, size: 24, face: 'bold', color: '#1f3a5f', align: 'center' });
    place(title.en, inset, 86, { width, size: 10.5, color: COLORS.second, align: 'center' });
    let y = 110;
    const [labelWidth, notesTop] = [116, pageHeight - 278];
    for (const { label, lines, isCode = false } of rows) {
      const height = place(`${label.zh} ${label.en}`, inset, y + 3, { width: labelWidth, size: 7.4, color: COLORS.second });
      let at = y + 2;
      for (const line of lines) at += place(line, inset + labelWidth + 8, at, { width: width - labelWidth - 8, height: isCode ? 23 : 31, size: isCode ? 7.6 : 9.5 }) + 0.8;
      y = Math.max(at, y + 2 + height) + 2.5;
      doc.moveTo(inset, y).lineTo(inset + width, y).lineWidth(0.35).strokeColor(COLORS.line).stroke();
      // What stands below is what a certificate must say.
      if (y > notesTop - 18) break;
    }
    const codeSize = 92;
    const noteWidth = width - codeSize - 22;
    let noteY = notesTop;
    for (const { heading, lines } of notes) {
      noteY += place(`${heading.zh}  ${heading.en}`, inset, noteY, { width: noteWidth, size: 8.5, face: 'bold', color: '#1f3a5f' }) + 1;
      for (const line of lines) noteY += place(`· ${line.zh} ${line.en}`, inset, noteY, { width: noteWidth, size: 7.2, height: 34 }) + 0.8;
      noteY += 3;
    }
    const { modules } = (load(codes) as { create(text: string, options: { errorCorrectionLevel: 'M' }): { modules: { size: number; data: Uint8Array } } }).create(code.text, { errorCorrectionLevel: 'M' });
    const [left, top, cell] = [inset + width - codeSize, notesTop + 2, codeSize / modules.size];
    doc.fillColor('#000000');
    for (const [i, isDark] of modules.data.entries()) if (isDark) doc.rect(left + (i % modules.size) * cell, top + Math.floor(i / modules.size) * cell, cell + 0.05, cell + 0.05);
    doc.fill();
    place(`${code.caption.zh} ${code.caption.en}`, left - 8, top + codeSize + 5, { width: codeSize + 16, size: 7, color: COLORS.second, align: 'center' });
    place(`${footer.zh}\n${footer.en}`, inset, pageHeight - 64, { width, size: 6.8, color: COLORS.second, align: 'center' });
    doc.file(Buffer.from(attachment.text, 'utf8'), { name: attachment.name, type: attachment.mediaType, description: attachment.description, creationDate: created, modifiedDate: created, relationship: 'Source' } as never);
    return end();
  };

  const drawPages = ({ title, sections, tables, annex, footer, createdAt }: Printable): Promise<Uint8Array> => {
    const { doc, end } = open(title, createdAt, MARGINS);
    const linesOf = (text: string): string[] => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);

    const left = MARGINS.left;
    const bottom = (): number => doc.page.height - MARGINS.bottom;
    const width = (): number => doc.page.width - MARGINS.left - MARGINS.right;
    /** Sets one line or paragraph at the cursor; the library breaks lines and pages. */
    const set = (text: string, options: { font?: 'regular' | 'bold'; size?: number; color?: string; indent?: number; gap?: number; align?: 'left' | 'center' } = {}): void => {
      const { font: face = 'regular', size = SIZES.text, color = COLORS.text, indent = 0, gap = 3, align = 'left' } = options;
      doc.font(face).fontSize(size).fillColor(color);
      doc.text(text === '' ? ' ' : visible(text), left + indent, doc.y, { width: width() - indent, lineGap: 2, paragraphGap: gap, align });
    };
    const keep = (height: number): void => {
      if (doc.y + height > bottom()) doc.addPage();
    };
    const setHeading = ({ zh, en }: PrintableText): void => {
      // A heading does not stand alone at the foot of a page.
      keep(64);
      doc.y += 8;
      set(`${zh}  ${en}`, { font: 'bold', size: SIZES.heading, gap: 4 });
    };
    const setQuoted = (text: string): void => {
      for (const line of linesOf(text)) {
        const [page, from] = [doc.page, doc.y];
        set(line, { indent: 18, color: COLORS.text, gap: 2 });
        const isBroken = doc.page !== page;
        doc.moveTo(left + 8, isBroken ? MARGINS.top : from).lineTo(left + 8, doc.y).lineWidth(1.2).strokeColor(COLORS.line).stroke();
      }
      doc.y += 3;
    };

    const setTable = ({ heading, columns, rows }: PrintableTable): void => {
      setHeading(heading);
      const [padding, size] = [4, SIZES.small];
      // Columns are as wide as their longest word needs, so to say: by the square root of what is longest in them.
      const weights = columns.map(({ zh, en }, i) => Math.sqrt(Math.max(8, zh.length * 2, en.length, ...rows.map((row) => (row[i] ?? '').length))));
      const sum = weights.reduce((a, b) => a + b, 0);
      const widths = weights.map((weight) => (weight / sum) * width());
      const setRow = (cells: readonly string[], face: 'regular' | 'bold'): void => {
        doc.font(face).fontSize(size);
        const texts = cells.map((cell) => visible(linesOf(cell).join(' ')) || ' ');
        const inner = (i: number): number => (widths[i] as number) - 2 * padding;
        const height = Math.min(Math.max(...texts.map((text, i) => doc.heightOfString(text, { width: inner(i), lineGap: 1 }))) + 2 * padding, bottom() - MARGINS.top);
        keep(height);
        const top = doc.y;
        let x = left;
        for (const [i, text] of texts.entries()) {
          doc.font(face).fontSize(size).fillColor(COLORS.text).text(text, x + padding, top + padding, { width: inner(i), height: height - 2 * padding, lineGap: 1, ellipsis: true });
          x += widths[i] as number;
        }
        doc.moveTo(left, top + height).lineTo(left + width(), top + height).lineWidth(0.5).strokeColor(COLORS.line).stroke();
        doc.x = left;
        doc.y = top + height;
      };
      setRow(columns.map(({ zh, en }) => `${zh} ${en}`), 'bold');
      for (const row of rows) setRow(columns.map((_, i) => row[i] ?? ''), 'regular');
    };

    const setFooters = (): void => {
      const { count } = doc.bufferedPageRange();
      for (let i = 0; i < count; i++) {
        doc.switchToPage(i);
        // Below the margin the library would begin another page.
        doc.page.margins.bottom = 0;
        const top = doc.page.height - MARGINS.bottom + 14;
        doc.moveTo(left, top - 6).lineTo(left + width(), top - 6).lineWidth(0.5).strokeColor(COLORS.line).stroke();
        doc.font('regular').fontSize(6.5).fillColor(COLORS.second);
        doc.text(`${visible(footer.zh)}\n${visible(footer.en)}`, left, top, { width: width(), height: 36, lineGap: 1, ellipsis: true });
        doc.fontSize(8).text(`${i + 1} / ${count}`, left, doc.page.height - 30, { width: width(), align: 'center', lineBreak: false });
      }
    };

    doc.addPage();
    set(title.zh, { font: 'bold', size: SIZES.title, align: 'center', gap: 2 });
    set(title.en, { size: SIZES.heading, align: 'center', color: COLORS.second, gap: 8 });
    for (const [i, { heading, paragraphs }] of sections.entries()) {
      setHeading({ zh: `${i + 1}  ${heading.zh}`, en: heading.en });
      for (const { zh, en, quoted } of paragraphs) {
        set(zh, { gap: 1 });
        set(en, { color: COLORS.second, size: SIZES.text - 1 });
        if (quoted !== undefined) setQuoted(quoted);
      }
    }
    for (const table of tables ?? []) setTable(table);
    if (annex) {
      doc.addPage();
      setHeading(annex.heading);
      for (const line of linesOf(annex.text)) {
        // Where an indented line is broken, it goes on as far in as it began: it never comes to stand where an own line would.
        const start = line.search(/[^ ]|$/);
        set(line.slice(start), { size: SIZES.small, gap: 0, indent: Math.min(start, 40) * 3 });
      }
    }
    setFooters();
    return end();
  };

  const draw = async (document: Printable | PrintableSheet): Promise<Uint8Array> => ('rows' in document ? drawSheet(document) : drawPages(document));

  parentPort?.on('message', ({ id, document }: Order) => {
    draw(document).then(
      (bytes) => parentPort.postMessage({ id, bytes } satisfies Report, [bytes.buffer as ArrayBuffer]),
      (error: unknown) => parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies Report),
    );
  });
}
