/** Settings: the person's and the workspace's own, and those that other features bring. */
import { HeartPulse, ListPlus, Route, ScrollText, Trash2 } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Loading, Skeleton } from "@/components/ui/states";
import { Audit } from "@/features/audit/audit-page";
import { SettingsPage } from "@/features/identity/settings-page";
import { loadNamespaces } from "@/lib/i18n";

// A section's code and words come when it is opened.
const ProfilePage = lazy(async () => {
  await loadNamespaces("health");
  return { default: (await import("@/features/health/profile-page")).ProfilePage };
});

const FieldsPage = lazy(async () => {
  await loadNamespaces("advanced");
  return { default: (await import("@/features/advanced/fields-page")).FieldsPage };
});

const ClientsTrashPage = lazy(async () => {
  await loadNamespaces("client");
  return { default: (await import("@/features/clients/trash-page")).TrashPage };
});

const JourneysPage = lazy(async () => {
  await loadNamespaces("journey", "advanced");
  const [{ TemplatesPage }, { ExpressionField }] = await Promise.all([
    import("@/features/journey/templates-page"),
    import("@/features/advanced/expression-field"),
  ]);
  return { default: () => <TemplatesPage expression={ExpressionField} /> };
});

const later = (Page: ComponentType) => () => (
  <Suspense
    fallback={
      <Loading>
        <Skeleton className="h-96 w-full" />
      </Loading>
    }
  >
    <Page />
  </Suspense>
);
const Health = later(ProfilePage);
const Fields = later(FieldsPage);
const Trash = later(ClientsTrashPage);
const Journeys = later(JourneysPage);

export function SettingsView() {
  const { t } = useTranslation("identity");
  const { t: audit } = useTranslation("audit");
  return (
    <SettingsPage
      more={[
        {
          name: "health",
          title: t("settings.health"),
          icon: HeartPulse,
          page: Health,
          wide: true,
        },
        { name: "fields", title: t("settings.fields"), icon: ListPlus, page: Fields },
        { name: "trash", title: t("settings.trash"), icon: Trash2, page: Trash },
        {
          name: "journeys",
          title: t("settings.journeys"),
          icon: Route,
          page: Journeys,
          wide: true,
        },
        { name: "audit", title: audit("title"), icon: ScrollText, page: Audit },
      ]}
    />
  );
}
