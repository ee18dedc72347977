/** Presets that make the terms of a licence. */
export const LICENCE_PRESETS = [
  'personal', 'commercial', 'exclusive-by-territory',
  'cc-by-4.0', 'cc-by-sa-4.0', 'cc-by-nc-4.0', 'cc-by-nd-4.0', 'cc-by-nc-sa-4.0', 'cc-by-nc-nd-4.0',
  'ai-training-allowed', 'ai-training-paid', 'remix-revenue-share',
] as const;
export type LicencePreset = (typeof LICENCE_PRESETS)[number];

/** Presets that grant nothing and make a reservation. */
export const RESERVATION_PRESETS = ['ai-training-reserved'] as const;
export type ReservationPreset = (typeof RESERVATION_PRESETS)[number];

/** What a creator chooses from. The list is closed. */
export const PRESETS = [...LICENCE_PRESETS, ...RESERVATION_PRESETS] as const;
export type Preset = (typeof PRESETS)[number];

interface PresetTexts {
  readonly name: { readonly zh: string; readonly en: string };
  /** One sentence. */
  readonly description: { readonly zh: string; readonly en: string };
}

export const PRESET_TEXTS: Record<Preset, PresetTexts> = {
  personal: {
    name: { zh: '个人使用', en: 'Personal use' },
    description: { zh: '被许可人可以为自己复制作品，不得公开传播，也不得用于商业目的。', en: 'The licensee may make copies for themselves, but neither publish them nor use them commercially.' },
  },
  commercial: {
    name: { zh: '商业使用（普通许可）', en: 'Commercial use, non-exclusive' },
    description: { zh: '被许可人可以将作品用于列明的商业用途，须署名；权利人可以再许可他人。', en: 'The licensee may use the work commercially for the uses listed, naming the author; the owner may license others as well.' },
  },
  'exclusive-by-territory': {
    name: { zh: '分地区独占许可', en: 'Exclusive by territory' },
    description: { zh: '在所选国家/地区，列明的用途只归被许可人，权利人自己也不得使用。', en: 'In the countries and territories chosen, the uses listed are the licensee’s alone; even the owner is barred from them.' },
  },
  'cc-by-4.0': {
    name: { zh: '知识共享 署名 4.0', en: 'CC BY 4.0' },
    description: { zh: '任何人都可以分享、改编作品，包括商业性使用，但须署名；此许可不可撤销。', en: 'Anyone may share and adapt the work, commercially too, if they name the author; it cannot be revoked.' },
  },
  'cc-by-sa-4.0': {
    name: { zh: '知识共享 署名—相同方式共享 4.0', en: 'CC BY-SA 4.0' },
    description: { zh: '任何人都可以分享、改编作品，包括商业性使用，但须署名，改编作品须采用相同许可；此许可不可撤销。', en: 'Anyone may share and adapt the work, commercially too, if they name the author and license adaptations alike; it cannot be revoked.' },
  },
  'cc-by-nc-4.0': {
    name: { zh: '知识共享 署名—非商业性使用 4.0', en: 'CC BY-NC 4.0' },
    description: { zh: '任何人都可以非商业性地分享、改编作品，但须署名；此许可不可撤销。', en: 'Anyone may share and adapt the work non-commercially if they name the author; it cannot be revoked.' },
  },
  'cc-by-nd-4.0': {
    name: { zh: '知识共享 署名—禁止演绎 4.0', en: 'CC BY-ND 4.0' },
    description: { zh: '任何人都可以原样分享作品，包括商业性使用，但须署名，不得分享改编作品；此许可不可撤销。', en: 'Anyone may share the work unchanged, commercially too, if they name the author; it cannot be revoked.' },
  },
  'cc-by-nc-sa-4.0': {
    name: { zh: '知识共享 署名—非商业性使用—相同方式共享 4.0', en: 'CC BY-NC-SA 4.0' },
    description: { zh: '任何人都可以非商业性地分享、改编作品，但须署名，改编作品须采用相同许可；此许可不可撤销。', en: 'Anyone may share and adapt the work non-commercially if they name the author and license adaptations alike; it cannot be revoked.' },
  },
  'cc-by-nc-nd-4.0': {
    name: { zh: '知识共享 署名—非商业性使用—禁止演绎 4.0', en: 'CC BY-NC-ND 4.0' },
    description: { zh: '任何人都可以非商业性地原样分享作品，但须署名，不得分享改编作品；此许可不可撤销。', en: 'Anyone may share the work unchanged and non-commercially if they name the author; it cannot be revoked.' },
  },
  'ai-training-allowed': {
    name: { zh: '允许人工智能训练', en: 'AI training allowed' },
    description: { zh: '任何人都可以为训练人工智能复制作品，无须付费；其他权利仍归权利人。', en: 'Anyone may copy the work to train AI, free of charge; everything else stays with the owner.' },
  },
  'ai-training-paid': {
    name: { zh: '付费人工智能训练', en: 'AI training, paid' },
    description: { zh: '付费的被许可人可以为训练人工智能复制作品；其他权利仍归权利人。', en: 'A licensee who pays may copy the work to train AI; everything else stays with the owner.' },
  },
  'remix-revenue-share': {
    name: { zh: '二次创作分成', en: 'Remix with a share of revenue' },
    description: { zh: '被许可人可以改编作品并用于商业，须署名，并按比例分成；再次改编的许可沿用同一比例。', en: 'The licensee may adapt the work and use it commercially, naming the author and paying a share of revenue that also binds further adaptations.' },
  },
  'ai-training-reserved': {
    name: { zh: '保留人工智能训练', en: 'AI training reserved' },
    description: { zh: '声明保留将作品用于训练人工智能的权利；不授予任何许可。', en: 'The owner says that training AI with the work is reserved; nothing is granted.' },
  },
};
