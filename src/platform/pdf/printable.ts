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
