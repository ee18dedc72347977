type Path = readonly (string | number)[];

/** Every value in a document, the document first. */
export function nodesOf(value: unknown, path: Path = []): { value: unknown; path: Path }[] {
  const children = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [{ value, path }, ...children.flatMap(([key, child]) => nodesOf(child, [...path, Array.isArray(value) ? Number(key) : key]))];
}

export function childrenOf(document: unknown, path: Path): unknown[] {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], document) as unknown[];
}

/** A copy with another value at the path. */
export function change(document: unknown, path: Path, value: unknown): unknown {
  if (path.length === 0) return value;
  const copy = structuredClone(document);
  (childrenOf(copy, path.slice(0, -1)) as unknown as Record<string | number, unknown>)[path.at(-1) as string | number] = value;
  return copy;
}

/** A copy without what is at the path. */
export function remove(document: unknown, path: Path): unknown {
  const copy = structuredClone(document);
  const parent = childrenOf(copy, path.slice(0, -1));
  if (Array.isArray(parent)) parent.splice(path.at(-1) as number, 1);
  else delete (parent as Record<string | number, unknown>)[path.at(-1) as string | number];
  return copy;
}
