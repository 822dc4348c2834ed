/** The versions of a profile: who, when, why, and what changed; each can be put back into the editor. */
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { componentName } from "@/lib/health-words";
import { useFormat } from "@/lib/session";
import { type Version, versionsQuery } from "./api-profiles";
import { type Difference, differences } from "./profile-draft";

/** So many differences are named; the rest is counted. */
const NAMED = 4;

export function ProfileVersions({
  segment,
  current,
  onLoad,
}: {
  segment: string;
  current: Version;
  onLoad: ((version: Version) => void) | undefined;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const { data, error, refetch } = useQuery(versionsQuery(segment));
  const items = data?.items ?? [];
  return (
    <Card aria-labelledby="versions">
      <CardHeader id="versions" title={t("versions.title")} subtitle={t("versions.text")} />
      {error && !data ? (
        <CardBody>
          <ErrorState title={t("versions.error")} error={error} onRetry={() => void refetch()} />
        </CardBody>
      ) : !data ? (
        <CardBody>
          <Loading>
            <Skeleton className="h-24 w-full" />
          </Loading>
        </CardBody>
      ) : items.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{t("versions.none", { segment })}</p>
      ) : (
        <ol className="divide-y divide-border border-border border-t">
          {items.map((version, index) => {
            const older = items[index + 1];
            const changes =
              version.profile && older?.profile ? differences(older.profile, version.profile) : [];
            const now = version.version === current.version && version.segment === current.segment;
            const name =
              version.version === 0
                ? t("profile.builtIn")
                : t("versions.name", { n: format.number(version.version) });
            return (
              <li key={version.version} className="flex items-start gap-3 px-4 py-3">
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                    <span className="font-medium">{name}</span>
                    {now && <Badge tone="excellent">{t("versions.inForce")}</Badge>}
                    {!version.profile && <Badge>{t("versions.givenBack")}</Badge>}
                  </p>
                  {version.note && <p className="break-words">{version.note}</p>}
                  {changes.length > 0 && (
                    <p className="text-ink-2 text-meta">{summary(t, changes)}</p>
                  )}
                  {version.at && (
                    <p className="text-ink-3 text-meta">
                      {[version.by, format.dateTime(version.at)].filter(Boolean).join(" · ")}
                    </p>
                  )}
                </div>
                {onLoad && version.profile && (
                  <Button
                    size="sm"
                    aria-label={t("versions.loadNamed", { name })}
                    onClick={() => onLoad(version)}
                  >
                    {t("versions.load")}
                  </Button>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}

function summary(t: TFunction<"health">, changes: readonly Difference[]): string {
  const named = changes.slice(0, NAMED).map(({ kind, name, before, after }) => {
    const what =
      kind === "weight"
        ? componentName(name)
        : kind === "curve"
          ? t(`curves.name.${name}`)
          : t(`versions.field.${name}`);
    return kind === "curve" ? t("versions.curve", { what }) : `${what} ${before} → ${after}`;
  });
  const rest = changes.length - named.length;
  return [...named, ...(rest > 0 ? [t("versions.more", { count: rest })] : [])].join(" · ");
}
