/** Documents as PDF: A4, Chinese and English, fonts embedded, nothing in it that acts. */
export { DrawPdf } from './draw-pdf.js';
export { PdfError, type PdfErrorCode } from './pdf-error.js';
export { PdfRenderer, type PdfRendererOptions } from './pdf-renderer.js';
export { type Printable, type PrintableParagraph, type PrintableSection, type PrintableSheet, type PrintableTable, type PrintableText } from './printable.js';
