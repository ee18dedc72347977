import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = 'zhengben.language';
/** What `lang` says, for screen readers, fonts and hyphenation. */
const TAGS = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>;

/** One file of words a page and language, loaded when the page is. */
const files = import.meta.glob<Record<string, unknown>>('../locales/*/*.json', { import: 'default' });

/** Chinese unless the reader chose otherwise, here or by `?lang=en`, as shared links may say. */
function initialLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? readStored();
  return LANGUAGES.find((language) => language === asked) ?? 'zh';
}

function readStored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export async function startLanguage(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = TAGS[language as Language];
  });
  await i18next
    .use({
      type: 'backend',
      init: () => undefined,
      read: (language: string, namespace: string, done: (error: unknown, words: Record<string, unknown> | null) => void) => {
        const load = files[`../locales/${language}/${namespace}.json`];
        if (!load) return done(new Error(`no words for ${namespace} in ${language}`), null);
        load().then((words) => done(null, words), (error: unknown) => done(error, null));
      },
    })
    .use(initReactI18next)
    .init({
      lng: initialLanguage(), supportedLngs: [...LANGUAGES], fallbackLng: false, ns: ['app'], defaultNS: 'app',
      // React escapes already.
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}

/** The page's words and, by `lang`, its fonts change at once; the choice is kept in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // A browser that keeps nothing still shows the language now.
  }
}
