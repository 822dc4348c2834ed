/**
 * Words. One namespace per feature (`src/features/<feature>/i18n/{fr,en}.json`, named after the
 * folder) and two shared: `common` (`src/i18n/{fr,en}.json`), and `errors` (`src/i18n/errors`), the
 * sentences of features' refusals, which nobody needs before something is asked or typed. Files are
 * loaded when they are needed and only in the language in use: routes ask for theirs with
 * `loadNamespaces` in their loader.
 */
import i18next, { type BackendModule, type i18n as I18n } from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { ApiError, whenRefused } from "./api";
import type { Locale } from "./format";
import { typesetAll } from "./typography";
import { Unfetched, whyUnfetched } from "./unfetched";

type Words = Record<string, unknown>;
type Loader = () => Promise<{ default: Words }>;

const shared = import.meta.glob<{ default: Words }>("../i18n/*.json");
const errors = import.meta.glob<{ default: Words }>("../i18n/errors/*.json");
const features = import.meta.glob<{ default: Words }>("../features/*/i18n/*.json");
const STORAGE_KEY = "essor.locale";

const backend: BackendModule = {
  type: "backend",
  init() {},
  async read(language, namespace) {
    const loader: Loader | undefined =
      shared[namespace === "common" ? `../i18n/${language}.json` : ""] ??
      errors[`../i18n/${namespace}/${language}.json`] ??
      features[`../features/${namespace}/i18n/${language}.json`];
    const words = loader ? (await loader()).default : {};
    return language === "fr" ? typesetAll(words) : words;
  },
};

/** The last choice made on this browser, else its language, else French. */
export function browserLocale(): Locale {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    if (stored === "fr" || stored === "en") return stored;
  } catch {
    // Storage may be refused.
  }
  for (const language of navigator.languages ?? [navigator.language]) {
    if (/^fr\b/i.test(language)) return "fr";
    if (/^en\b/i.test(language)) return "en";
  }
  return "fr";
}

export const i18n: I18n = i18next.createInstance();

export async function startI18n(locale: Locale = browserLocale()): Promise<void> {
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: locale,
      supportedLngs: ["fr", "en"],
      fallbackLng: false,
      ns: ["common"],
      defaultNS: "common",
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
      returnNull: false,
      showSupportNotice: false,
    });
  // French has a third plural form, for exact millions, that our texts do not distinguish.
  const resolver = i18n.services.pluralResolver as {
    getSuffix: (code: string, count: number, options?: object) => string;
  };
  const getSuffix = resolver.getSuffix.bind(resolver);
  resolver.getSuffix = (...args) => getSuffix(...args).replace("many", "other");
  const refusals = () => loadNamespaces("errors");
  whenRefused(refusals);
  // What is typed is judged before it is sent: pages of forms ask for these words, others once they are touched.
  for (const hand of ["pointerdown", "keydown", "input"]) {
    window.addEventListener(hand, () => void refusals(), { once: true, capture: true });
  }
  document.documentElement.lang = locale;
  i18n.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
}

/** Remembers the language on this browser and switches to it. */
export async function setLocale(locale: Locale): Promise<void> {
  try {
    localStorage.setItem(STORAGE_KEY, locale);
  } catch {
    // The choice then lasts as long as the page.
  }
  if (i18n.language !== locale) await i18n.changeLanguage(locale);
}

export function currentLocale(): Locale {
  return i18n.language === "en" ? "en" : "fr";
}

export function useLocale(): Locale {
  useTranslation();
  return currentLocale();
}

/** For route loaders: `loader: () => loadNamespaces("growth", "health")`. */
export async function loadNamespaces(...namespaces: string[]): Promise<void> {
  await i18n.loadNamespaces(namespaces);
}

/** The sentence for a failure; `params` of the server fill it. */
export function errorText(error: unknown): string {
  const code =
    error instanceof ApiError
      ? error.code
      : error instanceof Unfetched
        ? whyUnfetched()
        : "internal";
  const key = [`common:errors.${code}`, `errors:${code}`].find((key) => i18n.exists(key));
  const params = error instanceof ApiError ? error.params : {};
  // A code may have one sentence for each way in which a rule is broken.
  const context = typeof params.way === "string" ? params.way : undefined;
  return key ? i18n.t(key, { ...params, context }) : i18n.t("common:errors.internal");
}

/** Same, by bare code: quarantined events carry `code` and `params`. */
export function errorCodeText(code: string, params: Record<string, unknown> = {}): string {
  return errorText(new ApiError(0, code, params));
}
