import { useTranslation } from "react-i18next";

export function LinkPage() {
  const { t } = useTranslation("identity");
  return <h1 className="font-semibold text-page">{t("link.title")}</h1>;
}
