import type { CodeTable } from './code-table.js';

/**
 * What a work is used for. The list is closed and only grows at its end: [code's place, name, Chinese, English]. A use says for what; which right it
 * needs the law says: a film needs filming for its making and network dissemination for its streaming.
 */
const USES = [
  ['print', '纸质出版', 'print publication'],
  ['e-book', '电子书', 'e-books'],
  ['audiobook', '有声读物', 'audiobooks'],
  ['periodical', '报刊', 'newspapers and periodicals'],
  ['film', '电影', 'films'],
  ['television', '电视', 'television'],
  ['streaming', '网络视听', 'streaming'],
  ['radio-podcast', '广播与播客', 'radio and podcasts'],
  ['sound-recording', '录音制品', 'sound recordings'],
  ['games', '游戏', 'games'],
  ['software', '软件与应用', 'software and apps'],
  ['merchandise', '衍生商品', 'merchandise'],
  ['packaging', '包装', 'packaging'],
  ['advertising', '广告', 'advertising'],
  ['social-media', '社交媒体', 'social media'],
  ['website', '网站', 'websites'],
  ['exhibition', '展览', 'exhibitions'],
  ['live-performance', '现场演出', 'live performance'],
  ['public-space', '公共空间陈设', 'display in public spaces'],
  ['education', '教育', 'education'],
  ['news', '新闻报道', 'news reporting'],
  ['internal', '机构内部使用', 'internal use of an organisation'],
  ['digital-collectible', '数字藏品', 'digital collectibles'],
  ['ai-training', '人工智能训练', 'training of AI'],
  ['personal', '个人使用', 'personal use'],
] as const;

export type Use = (typeof USES)[number][0];
export const USE_CODES: CodeTable = new Map(USES.map(([name], code) => [name, code]));
export const USE_NAMES: ReadonlyMap<string, { readonly zh: string; readonly en: string }> = new Map(USES.map(([name, zh, en]) => [name, { zh, en }]));
