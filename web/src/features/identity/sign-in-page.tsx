import { useTranslation } from "react-i18next";

export function SignInPage() {
  const { t } = useTranslation("identity");
  return <h1 className="font-semibold text-page">{t("signIn.title")}</h1>;
}
