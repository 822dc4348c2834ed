import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";

export function SettingsPage() {
  const { t } = useTranslation("identity");
  return <PageHeader title={t("settings.title")} />;
}
