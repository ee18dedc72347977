import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Category } from '../../src/lib/statement/index.js';
import { seeded } from '../rights/boxes.js';

export interface CatalogueWork {
  readonly title: string;
  readonly artists: readonly string[];
  readonly category: Category;
}

/** Rows of a museum's catalogue (Tate, CC0), in its order: a few artists have most of it, one of them more than half. */
export async function readCatalogue(directory: string | undefined): Promise<CatalogueWork[]> {
  if (directory === undefined) throw new Error('REAL_DATA_DIR is not set: it names the folder with tate-collection.csv.gz');
  const [header = [], ...rows] = parseCsv(gunzipSync(await readFile(join(directory, 'tate-collection.csv.gz'))).toString('utf8'));
  const at = (name: string): number => header.indexOf(name);
  const [title, artists, medium, classification] = [at('title'), at('artists'), at('medium'), at('classification')];
  return rows.map((row) => ({ title: row[title] ?? '', artists: (row[artists] ?? '').split('; '), category: categoryOf(row[classification] ?? '', row[medium] ?? '') }));
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

function categoryOf(classification: string, medium: string): Category {
  if (/photograph/i.test(medium)) return 'photography';
  if (/time-based|video|film/i.test(`${classification} ${medium}`)) return 'audiovisual';
  return classification === 'sculpture' || classification === 'relief' ? 'model' : classification === 'installation' ? 'other' : 'fine-art';
}

const PLACES = ['珠江', '长江', '黄河', '西湖', '太湖', '黄山', '泰山', '庐山', '峨眉', '敦煌', '洛阳', '长安', '姑苏', '金陵', '岭南', '塞北', '江南', '桂林', '漓江', '洞庭'];
const TIMES = ['夜航', '春晓', '秋色', '夏雨', '冬雪', '晚霞', '朝阳', '月色', '烟雨', '清明', '中秋', '黄昏', '黎明', '归帆', '渔火', '听涛', '观瀑', '寻梅', '踏青', '望岳'];
const KINDS = ['山水', '人物', '花鸟', '长卷', '册页', '扇面', '写生', '组画', '木刻', '年画', '壁画', '油画', '水彩', '摄影', '书法', '篆刻', '剪纸', '刺绣', '陶瓷', '雕塑'];
export const CHINESE_WORDS: readonly string[] = [...PLACES, ...TIMES, ...KINDS];

/** Titles as the catalogue has none: three words of two characters, written together. */
export function chineseTitles(seed: number): () => string {
  const random = seeded(seed);
  const one = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? '';
  return () => `${one(PLACES)}${one(TIMES)}${one(KINDS)}`;
}
