/** Pages before sign-in: one card in the middle, the logo above, the language below. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Segmented } from "@/components/ui/segmented";
import { setLocale, useLocale } from "@/lib/i18n";
import { Logo } from "./logo";

export function AuthLayout({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-8">
      <header className="flex items-center gap-3 font-semibold text-page">
        <Logo className="size-10" />
        {t("product")}
      </header>
      <main
        id="content"
        className="w-full max-w-[400px] rounded-dialog border border-border bg-surface p-6 max-md:p-5"
      >
        {children}
      </main>
      <footer>
        <Segmented
          label={t("user.language")}
          value={locale}
          onChange={(value) => void setLocale(value)}
          options={[
            { value: "fr", label: <span lang="fr">{t("user.fr")}</span> },
            { value: "en", label: <span lang="en">{t("user.en")}</span> },
          ]}
        />
      </footer>
    </div>
  );
}
