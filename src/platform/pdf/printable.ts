/** The same in Chinese and English; they are set one after the other. */
export interface PrintableText {
  readonly zh: string;
  readonly en: string;
}

export interface PrintableParagraph extends PrintableText {
  /** Set apart below both: text of somebody else, of which nothing is taken for the document's own. */
  readonly quoted?: string;
}

export interface PrintableSection {
  readonly heading: PrintableText;
  readonly paragraphs: readonly PrintableParagraph[];
}

export interface PrintableTable {
  readonly heading: PrintableText;
  readonly columns: readonly PrintableText[];
  /** Of as many cells as there are columns. */
  readonly rows: readonly (readonly string[])[];
}

/** What becomes a PDF. It is plain text through and through: nothing in it becomes a link, a field or a script. */
export interface Printable {
  readonly title: PrintableText;
  readonly sections: readonly PrintableSection[];
  readonly tables?: readonly PrintableTable[];
  /** Follows on a page of its own, line by line, such as the text that a digest is of. */
  readonly annex?: { readonly heading: PrintableText; readonly text: string };
  /** At the foot of every page. */
  readonly footer: PrintableText;
  /** ISO 8601 UTC; the file says that it was made then. */
  readonly createdAt: string;
}

/** One framed page, such as a certificate. What does not fit its place is cut with an ellipsis; whoever composes it says where the whole is. */
export interface PrintableSheet {
  readonly title: PrintableText;
  readonly rows: readonly { readonly label: PrintableText; readonly lines: readonly string[]; readonly isCode?: boolean }[];
  readonly notes: readonly { readonly heading: PrintableText; readonly lines: readonly PrintableText[] }[];
  /** Drawn as a QR code. */
  readonly code: { readonly text: string; readonly caption: PrintableText };
  /** Embedded in the file; ISO 32000-1, 7.11.4. */
  readonly attachment: { readonly name: string; readonly mediaType: string; readonly description: string; readonly text: string };
  readonly footer: PrintableText;
  readonly createdAt: string;
}
