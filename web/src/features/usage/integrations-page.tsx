import { useTranslation } from "react-i18next";
import { PageHeader } from "@/components/layout/page-header";

export function IntegrationsPage() {
  const { t } = useTranslation("usage");
  return <PageHeader title={t("title")} />;
}
