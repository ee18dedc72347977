import type { Condition } from '../licence-terms/conditions.js';
import type { PRICE_UNITS } from '../licence-terms/terms.js';
import type { Exclusivity } from '../rights/availability.js';
import { OPEN_END } from '../rights/term.js';
import type { CATEGORIES } from '../statement/vocabulary.js';
import type { Bilingual, ContractParagraph, SectionKey } from './document.js';
import type { ContractFacts, ContractParty } from './facts.js';
import { inline } from './free-text.js';
import { formatMoney, toFinancialNumerals } from './money.js';
import { TERRITORY_NAMES } from './names.js';
import { describeInWords, normalizeScope } from './scope-words.js';

/** The words of one section: what it is called, and its paragraphs; none when there is nothing to say, and then there is no section. */
export interface Clause {
  readonly heading: (facts: ContractFacts) => Bilingual;
  readonly paragraphs: (facts: ContractFacts) => readonly ContractParagraph[];
}

const say = (zh: string, en: string, quoted?: string | null): ContractParagraph => (quoted === undefined || quoted === null ? { zh, en } : { zh, en, quoted });
const always = (zh: string, en: string) => (): Bilingual => ({ zh, en });
const listed = (values: readonly string[], separator: string): string => values.map(inline).join(separator);

/** 甲方、乙方 and the like, by the kind of the contract. */
const ROLES = {
  licence: { grantor: { zh: '许可人', en: 'Licensor' }, licensee: { zh: '被许可人', en: 'Licensee' } },
  assignment: { grantor: { zh: '转让人', en: 'Assignor' }, licensee: { zh: '受让人', en: 'Assignee' } },
} as const;

/** Copyright Law Art. 3. */
export const CATEGORY_NAMES: Record<(typeof CATEGORIES)[number], Bilingual> = {
  literary: { zh: '文字作品', en: 'literary work' },
  oral: { zh: '口述作品', en: 'oral work' },
  music: { zh: '音乐作品', en: 'musical work' },
  drama: { zh: '戏剧作品', en: 'dramatic work' },
  quyi: { zh: '曲艺作品', en: 'quyi work' },
  choreography: { zh: '舞蹈作品', en: 'choreographic work' },
  acrobatics: { zh: '杂技艺术作品', en: 'acrobatic work' },
  'fine-art': { zh: '美术作品', en: 'work of fine art' },
  architecture: { zh: '建筑作品', en: 'architectural work' },
  photography: { zh: '摄影作品', en: 'photographic work' },
  audiovisual: { zh: '视听作品', en: 'audiovisual work' },
  'design-drawing': { zh: '工程设计图、产品设计图', en: 'drawing of an engineering or product design' },
  'map-diagram': { zh: '地图、示意图', en: 'map or diagram' },
  model: { zh: '模型作品', en: 'model' },
  software: { zh: '计算机软件', en: 'computer software' },
  other: { zh: '符合作品特征的其他智力成果', en: 'other intellectual achievement' },
};

const EXCLUSIVITY_CLAUSES: Record<Exclusivity, Bilingual> = {
  exclusive: {
    zh: '独占许可（专有使用权）：在许可范围内，被许可人有权排除包括许可人在内的任何人以同样的方式使用作品（《著作权法实施条例》第二十四条）。',
    en: 'Exclusive licence: within its scope the Licensee may exclude anyone, the Licensor included, from using the work in the same way (Implementing Regulations of the Copyright Law, Art. 24).',
  },
  sole: {
    zh: '排他许可（专有使用权）：在许可范围内，许可人不得再许可他人使用作品，但许可人自己仍可以使用。',
    en: 'Sole licence: within its scope the Licensor grants no one else a licence, and may still use the work itself.',
  },
  'non-exclusive': {
    zh: '普通许可（非专有使用权）：在许可范围内，许可人可以自己使用作品，也可以许可他人使用。',
    en: 'Non-exclusive licence: within its scope the Licensor may use the work itself and license others.',
  },
};

function describeParties(role: Bilingual, parties: readonly ContractParty[]): ContractParagraph[] {
  return parties.map(({ account, name }, i) => {
    const at = parties.length > 1 ? String(i + 1) : '';
    const zh = `${role.zh}${at}：${account === null ? '在本服务无账户' : `账户 ${inline(account)}`}`;
    const en = `${role.en}${at === '' ? '' : ` ${at}`}: ${account === null ? 'no account with this service' : `account ${inline(account)}`}`;
    return name === null ? say(`${zh}；姓名或者名称未披露。`, `${en}; name not disclosed.`) : say(`${zh}；姓名或者名称：`, `${en}; name:`, name);
  });
}

const parties: Clause = {
  heading: always('当事人', 'Parties'),
  paragraphs: ({ kind, grantor, licensee }) => [...describeParties(ROLES[kind].grantor, grantor), ...describeParties(ROLES[kind].licensee, licensee)],
};

const work: Clause = {
  heading: always('作品', 'The work'),
  paragraphs: ({ work: { number, title, category } }) => {
    const name = Object.hasOwn(CATEGORY_NAMES, category) ? CATEGORY_NAMES[category as keyof typeof CATEGORY_NAMES] : { zh: inline(category), en: inline(category) };
    const zh = `作品编号 ${inline(number)}，作品类别：${name.zh}`;
    const en = `Work number ${inline(number)}, category: ${name.en}`;
    return [title === null ? say(`${zh}。作品名称未披露，以该编号存证的内容为准。`, `${en}. The title is not disclosed; the work is what was deposited under this number.`) : say(`${zh}；作品名称：`, `${en}; title:`, title)];
  },
};

const rights: Clause = {
  heading: ({ kind }) => (kind === 'licence' ? { zh: '许可使用的权利种类', en: 'Rights licensed' } : { zh: '转让的权利种类', en: 'Rights assigned' }),
  paragraphs: ({ kind, scope }) => {
    const [zh, en] = [describeInWords(scope, null, 'zh').rights, describeInWords(scope, null, 'en').rights];
    return kind === 'licence'
      ? [say(`许可人许可被许可人行使作品著作权中的下列权利：${zh}。`, `The Licensor licenses to the Licensee these rights in the work: ${en}.`)]
      : [say(`转让人将作品著作权中的下列权利转让给受让人：${zh}。`, `The Assignor assigns to the Assignee these rights in the work: ${en}.`),
        say('发表权、署名权、修改权和保护作品完整权不在转让之列（《著作权法》第十条）。', 'The rights of publication, attribution, alteration and integrity are not assigned (Copyright Law, Art. 10).')];
  },
};

const exclusivity: Clause = {
  heading: always('专有或者非专有使用权', 'Exclusive or not'),
  paragraphs: ({ exclusivity }) => [exclusivity === null
    ? say('未载明是否为专有使用权；未明确许可的专有使用权仍归著作权人（《著作权法》第二十九条）。', 'Whether it is exclusive is not stated; what is not expressly granted stays with the owner (Copyright Law, Art. 29).')
    : EXCLUSIVITY_CLAUSES[exclusivity]],
};

const territory: Clause = {
  heading: always('地域范围', 'Territory'),
  paragraphs: ({ scope }) => [say(`国家/地区：${describeInWords(scope, null, 'zh').territories}。`, `Countries and regions: ${describeInWords(scope, null, 'en').territories}.`)],
};

const term: Clause = {
  heading: always('期间', 'Term'),
  paragraphs: ({ scope }) => {
    const { term } = normalizeScope(scope) as { term: { from: string; until: string | null } };
    const isOpen = term.until === null || Date.parse(term.until) >= OPEN_END;
    return [
      say(`${describeInWords(scope, null, 'zh').term}（所列日期均计算在内，北京时间）。`, `${describeInWords(scope, null, 'en').term} (all dates inclusive, Beijing time).`),
      isOpen
        ? say(`即协调世界时 ${term.from} 起，至相关权利的保护期届满为止（《著作权法》第二十三条）。`, `That is from ${term.from} (UTC) until the protection of the right ends (Copyright Law, Art. 23).`)
        : say(`即协调世界时 ${term.from} 起，至 ${term.until} 前止。`, `That is from ${term.from} until before ${term.until} (UTC).`),
    ];
  },
};

const uses: Clause = {
  heading: always('用途与语言', 'Uses and languages'),
  paragraphs: ({ scope }) => {
    const [zh, en] = [describeInWords(scope, null, 'zh'), describeInWords(scope, null, 'en')];
    return [say(`用途：${zh.uses}。语言：${zh.languages}。`, `Uses: ${en.uses}. Languages: ${en.languages}.`)];
  },
};

const scope: Clause = {
  heading: always('范围', 'Scope'),
  paragraphs: ({ scope, exclusivity }) => {
    const { rights, territories, uses, languages } = normalizeScope(scope);
    const codes = [rights, territories, uses, languages].map((names) => names.join(',')).join(' ; ');
    return [
      say(`${describeInWords(scope, exclusivity, 'zh').sentence}。`, `${describeInWords(scope, exclusivity, 'en').sentence}.`),
      say(`本记录以代码载明的范围（权利 ; 国家/地区 ; 用途 ; 语言）为：${codes}。`, `The scope as recorded in codes (rights ; countries and regions ; uses ; languages): ${codes}.`),
    ];
  },
};

const sublicensing: Clause = {
  heading: always('再许可', 'Sublicences'),
  paragraphs: ({ sublicensing }) => [sublicensing
    ? say('被许可人可以在本许可的范围内再许可第三人行使同一权利。', 'The Licensee may grant sublicences within the scope of this licence.')
    : say('被许可人许可第三人行使同一权利，须另行取得许可人的许可（《著作权法实施条例》第二十四条）。', 'A sublicence needs further permission of the Licensor (Implementing Regulations, Art. 24).')],
};

const reserved: Clause = {
  heading: always('保留的权利', 'Rights reserved'),
  paragraphs: ({ kind }) => [kind === 'licence'
    ? say('本合同未明确许可的权利，未经著作权人同意，被许可人不得行使（《著作权法》第二十九条）。', 'What this contract does not expressly license the Licensee does not exercise without the consent of the owner (Copyright Law, Art. 29).')
    : say('本合同未明确转让的权利，未经著作权人同意，受让人不得行使（《著作权法》第二十九条）。', 'What this contract does not expressly assign the Assignee does not exercise without the consent of the owner (Copyright Law, Art. 29).')],
};

const earlierLicences: Clause = {
  heading: always('在先许可', 'Earlier licences'),
  paragraphs: ({ kind, subjectTo, parent, renews }) => [
    ...(subjectTo.length === 0 ? [] : [kind === 'licence'
      ? say(`本许可不影响下列在先许可：${listed(subjectTo, '、')}。`, `This licence is subject to these earlier licences: ${listed(subjectTo, ', ')}.`)
      : say(`本转让不影响下列在先许可：${listed(subjectTo, '、')}。`, `This assignment is subject to these earlier licences: ${listed(subjectTo, ', ')}.`)]),
    ...(parent === null ? [] : [say(`本许可是许可 ${inline(parent)} 项下的再许可，不超出其范围。`, `This is a sublicence under the licence ${inline(parent)} and goes no further than it.`)]),
    ...(renews === null ? [] : [say(`本许可是许可 ${inline(renews)} 的续展。`, `This licence renews the licence ${inline(renews)}.`)]),
  ],
};

/** For what a price is due. */
const PRICE_UNIT_NAMES: Record<(typeof PRICE_UNITS)[number], Bilingual> = {
  licence: { zh: '，按整个许可计', en: ' for the whole licence' },
  year: { zh: '，按年计', en: ' a year' },
  copy: { zh: '，按复制件的件数计', en: ' a copy' },
};

/** Basis points as a percentage without trailing zeros: 1250 → 12.5%. */
function formatShare(bps: number): string {
  if (!Number.isInteger(bps) || bps < 0 || bps > 10_000) throw new RangeError('a share is 0 to 10,000 basis points');
  return `${bps / 100}%`;
}

const payment: Clause = {
  heading: ({ kind }) => (kind === 'licence' ? { zh: '付酬标准和办法', en: 'Payment' } : { zh: '转让价金', en: 'Price' }),
  paragraphs: ({ kind, price, payment, revenueShareBps }) => {
    const what = kind === 'licence' ? { zh: '许可使用费', en: 'Licence fee' } : { zh: '转让价金', en: 'Price' };
    const paragraphs: ContractParagraph[] = [];
    if (price !== null) {
      const amount = formatMoney(price.amountMinor, price.currency);
      const numerals = price.currency === 'CNY' ? toFinancialNumerals(BigInt(price.amountMinor)) : null;
      const unit = price.per === undefined ? { zh: '', en: '' } : PRICE_UNIT_NAMES[price.per];
      paragraphs.push(price.amountMinor === '0'
        ? say(`${what.zh}：${amount}（无偿）。`, `${what.en}: ${amount} (free of charge).`)
        : say(`${what.zh}：${amount}${numerals === null ? '' : `（大写：人民币${numerals}）`}${unit.zh}。`, `${what.en}: ${amount}${unit.en}.`));
    }
    if (revenueShareBps !== null) {
      paragraphs.push(say(`${ROLES[kind].licensee.zh}另按其行使上述权利所得收入的 ${formatShare(revenueShareBps)} 支付。`, `The ${ROLES[kind].licensee.en} also pays ${formatShare(revenueShareBps)} of its revenue from exercising these rights.`));
    }
    if (kind === 'licence' && payment !== null) paragraphs.push(say('支付的日期和方式，当事人约定如下：', 'When and how it is paid, as agreed:', payment));
    if (price === null && revenueShareBps === null) {
      paragraphs.push(kind === 'licence'
        ? say('本文本未载明数额；当事人对报酬约定不明确的，依《著作权法》第三十条确定。', 'No amount is stated in this text; where the remuneration is not clearly agreed, Copyright Law, Art. 30 applies.')
        : say('本文本未载明数额；约定不明确的，依《民法典》第五百一十条、第五百一十一条确定。', 'No amount is stated in this text; where it is not clearly agreed, Civil Code, Arts. 510 and 511 apply.'));
    }
    return paragraphs;
  },
};

const delivery: Clause = {
  heading: always('价金的交付与权利的转移', 'Delivery of price and rights'),
  paragraphs: ({ payment }) => [
    payment === null
      ? say('本文本未载明交付转让价金的日期和方式；约定不明确的，依《民法典》第五百一十条、第五百一十一条确定。', 'Date and manner of payment are not stated in this text; where they are not clearly agreed, Civil Code, Arts. 510 and 511 apply.')
      : say('交付转让价金的日期和方式，当事人约定如下：', 'Date and manner of payment, as agreed:', payment),
    say('除另有约定外，上述权利自本转让记入作品的记录链时起由受让人享有。', 'Unless agreed otherwise, the rights belong to the Assignee from the moment at which this assignment is entered in the chain of the work.'),
  ],
};

const attribution: Clause = {
  heading: always('署名', 'Attribution'),
  paragraphs: ({ attribution }) => [
    say('作者的署名权、修改权和保护作品完整权不受本合同影响（《著作权法》第十条、第二十二条）。', 'The rights of attribution, alteration and integrity of the author are untouched (Copyright Law, Arts. 10 and 22).'),
    ...(attribution === null ? [] : [say('署名方式，当事人约定如下：', 'How the author is named, as agreed:', attribution)]),
  ],
};

/** What the conditions of licence terms say. */
const CONDITION_CLAUSES: Record<Condition, Bilingual> = {
  attribution: { zh: '使用作品的，应当指明作者姓名或者名称和作品名称。', en: 'Every use names the author and the work.' },
  'non-commercial': { zh: '不得为商业利益或者金钱报酬使用作品。', en: 'No use is meant for commercial advantage or payment.' },
  'share-alike': { zh: '由作品产生的演绎作品，只能以相同条款提供。', en: 'What is derived from the work goes out under the same terms only.' },
  'no-derivatives': { zh: '不得提供由作品产生的演绎作品。', en: 'Nothing that is derived from the work goes out.' },
  'same-revenue-share': { zh: '许可他人使用由作品产生的演绎作品的，应当约定相同的收入分成。', en: 'Licences for what is derived from the work carry the same share of revenue.' },
};

const conditions: Clause = {
  heading: always('其他约定', 'Other terms'),
  paragraphs: ({ conditions }) => conditions.map((condition, i) => {
    const known = Object.hasOwn(CONDITION_CLAUSES, condition) ? CONDITION_CLAUSES[condition as Condition] : null;
    return known === null ? say(`约定 ${i + 1}：`, `Term ${i + 1}:`, condition) : say(`约定 ${i + 1}：${known.zh}`, `Term ${i + 1}: ${known.en}`);
  }),
};

const coOwners: Clause = {
  heading: always('共有人', 'Co-owners'),
  paragraphs: ({ grantor, kind, exclusivity }) => {
    if (grantor.length < 2) return [];
    const needsAll = kind === 'assignment' || exclusivity === 'exclusive' || exclusivity === 'sole';
    return [
      needsAll
        ? say('著作权共有人经协商一致订立本合同；转让、专有使用权的许可和出质须经全体共有人同意（《著作权法》第十四条）。', 'The co-owners have agreed on this contract; assignments, exclusive licences and pledges need all of them (Copyright Law, Art. 14).')
        : say('著作权由共有人通过协商一致行使；不能协商一致又无正当理由的，任何一方不得阻止他方行使除转让、许可他人专有使用、出质以外的其他权利（《著作权法》第十四条）。', 'Co-owners exercise the copyright by agreement; failing it, none may without justified reason stop another from exercising rights other than assignment, exclusive licence and pledge (Copyright Law, Art. 14).'),
      say('所得收益应当合理分配给全体共有人。', 'What is earned is shared reasonably among all of them.'),
    ];
  },
};

const paper: Clause = {
  heading: always('原合同', 'The contract declared'),
  paragraphs: ({ declared }) => (declared === null ? [] : [
    say(`本文本记录权利人的申报：原合同于 ${inline(declared.signedOn)} 签订，其文件的 SHA-256 为 ${inline(declared.paperSha256)}。`, `This text records what the owner declares: the contract was signed on ${inline(declared.signedOn)}; the SHA-256 of its file is ${inline(declared.paperSha256)}.`),
    say('本文本与原合同不一致的，以原合同为准。', 'Where this text differs from that contract, that contract prevails.'),
  ]),
};

const breach: Clause = {
  heading: always('违约责任', 'Breach'),
  paragraphs: ({ breach }) => {
    if (breach !== null && (!Number.isSafeInteger(breach.curePeriodDays) || breach.curePeriodDays < 0)) throw new RangeError('a cure period is whole days');
    return [
      say('当事人一方不履行合同义务或者履行合同义务不符合约定的，应当承担继续履行、采取补救措施或者赔偿损失等违约责任（《民法典》第五百七十七条）。', 'A party that does not perform, or not as agreed, is liable to perform, to remedy or to compensate (Civil Code, Art. 577).'),
      ...(breach === null ? [] : [say(
        `违约方自收到书面催告之日起 ${breach.curePeriodDays} 日内仍未纠正的，对方可以通知解除合同（《民法典》第五百六十二条、第五百六十五条）。`,
        `Where the breach is not cured within ${breach.curePeriodDays} days of a written demand, the other party may terminate by notice (Civil Code, Arts. 562 and 565).`,
      )]),
    ];
  },
};

const CITED = say('本文本所引中国法律条文的规则，在适用的法律允许的范围内作为合同条款适用。', 'The rules of the Chinese provisions that this text cites apply as terms of the contract as far as the governing law allows.');

const law: Clause = {
  heading: always('适用法律', 'Governing law'),
  paragraphs: ({ governingLaw }) => {
    if (governingLaw === null) return [say('当事人未约定适用的法律。', 'The parties agreed on no governing law.'), CITED];
    if (governingLaw === 'CN') return [say('本合同适用中华人民共和国法律。', 'This contract is governed by the law of China (PRC).')];
    const name = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/.test(governingLaw) ? TERRITORY_NAMES.get(governingLaw.slice(0, 2)) : undefined;
    if (!name) return [say('本合同适用的法律，当事人约定如下：', 'The governing law, as agreed:', governingLaw), CITED];
    return [say(`本合同适用${name.zh}（${governingLaw}）法律。`, `This contract is governed by the law of ${name.en} (${governingLaw}).`), CITED];
  },
};

const PREVAILS = say('中文与英文不一致的，以中文为准；引用的当事人原文以原文为准。', 'Where the languages differ, the Chinese text prevails; what is quoted from the parties stands as they wrote it.');

const form: Clause = {
  heading: always('合同的形式与成立', 'Form and conclusion'),
  paragraphs: ({ declared }) => (declared === null
    ? [
      say('本合同以数据电文形式订立，能够有形地表现所载内容并可以随时调取查用，视为书面形式（《民法典》第四百六十九条）。', 'This contract is made by data messages that show what they hold and can be retrieved at any time: it is in writing (Civil Code, Art. 469).'),
      say(
        '当事人以记入日志的声明作出要约和承诺，承诺的声明载明本文本 UTF-8 字节的 SHA-256；承诺生效时合同成立（《民法典》第四百八十三条）。当事人约定以签署或者签订确认书为准的，自签署时成立（《民法典》第四百九十条、第四百九十一条）。',
        'Offer and acceptance are statements entered in the log; the acceptance names the SHA-256 of the UTF-8 bytes of this text. The contract is concluded when the acceptance takes effect (Civil Code, Art. 483); where the parties agreed on signatures or a letter of confirmation, when it is signed (Civil Code, Arts. 490 and 491).',
      ),
      PREVAILS,
    ]
    : [
say('本文本不是新合同：它记录对原合同的申报，其成立不取决于在此的接受。', 'This text is no new contract: it records one that was declared, which depends on no acceptance here.'),
      PREVAILS,
    ]),
};

const record: Clause = {
  heading: always('记录', 'Record'),
  paragraphs: ({ grantedAt, consents }) => [
    say(`记入时间：${inline(grantedAt)}（服务所称）；日志的锚定证明本记录在锚定区块之前已经存在。`, `Entered: ${inline(grantedAt)}, as the service says; an anchor of the log proves that the record existed before the block of the anchor.`),
    ...consents.map(({ account, statementId }) => say(`同意：${inline(account)}，声明 ${inline(statementId)}。`, `Consent: ${inline(account)}, statement ${inline(statementId)}.`)),
  ],
};

export const CLAUSES = {
  parties, work, rights, exclusivity, territory, term, uses, scope, sublicensing, reserved, 'earlier-licences': earlierLicences, payment, delivery, attribution, conditions,
  'co-owners': coOwners, paper, breach, law, form, record,
} as const satisfies Record<SectionKey, Clause>;
