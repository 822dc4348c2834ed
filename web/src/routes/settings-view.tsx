/** Settings: the pages of people and access, and the audit log among them. Two features meet here. */
import { ScrollText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Audit } from "@/features/audit/audit-page";
import { SettingsPage } from "@/features/identity/settings-page";

export function SettingsView() {
  const { t } = useTranslation("audit");
  return (
    <SettingsPage more={[{ name: "audit", title: t("title"), icon: ScrollText, page: Audit }]} />
  );
}
