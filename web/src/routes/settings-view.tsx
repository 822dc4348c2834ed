/** Settings: the person's and the workspace's own, and those that other features bring. */
import { HeartPulse, ScrollText } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Loading, Skeleton } from "@/components/ui/states";
import { Audit } from "@/features/audit/audit-page";
import { SettingsPage } from "@/features/identity/settings-page";

// A section's code comes when it is opened.
const ProfilePage = lazy(async () => ({
  default: (await import("@/features/health/profile-page")).ProfilePage,
}));

function Health() {
  return (
    <Suspense
      fallback={
        <Loading>
          <Skeleton className="h-96 w-full" />
        </Loading>
      }
    >
      <ProfilePage />
    </Suspense>
  );
}

export function SettingsView() {
  const { t } = useTranslation("health");
  const { t: audit } = useTranslation("audit");
  return (
    <SettingsPage
      more={[
        {
          name: "health",
          title: t("profile.title"),
          icon: HeartPulse,
          page: Health,
          wide: true,
        },
        { name: "audit", title: audit("title"), icon: ScrollText, page: Audit },
      ]}
    />
  );
}
