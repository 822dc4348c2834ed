/** Which kinds one is told of, each in force at once. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { Switch } from "@/components/ui/toggles";
import { preferencesQuery, usePrefer } from "./api";

export function PreferencesPanel() {
  const { t } = useTranslation("notifications");
  const { data, error, refetch } = useQuery(preferencesQuery);
  const prefer = usePrefer();
  return (
    <section>
      <h3 className="mb-2 font-semibold text-card">{t("preferences.title")}</h3>
      {error && !data ? (
        <ErrorState title={t("preferences.error")} error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Loading>
          <Skeleton className="h-40 w-full" />
        </Loading>
      ) : (
        <div className="divide-y divide-border border-border border-y">
          {data.kinds.map(({ kind, inApp }) => (
            <Switch
              key={kind}
              className="py-2.5"
              checked={inApp}
              onChange={(on) => prefer.mutate({ kinds: [{ kind, inApp: on }] })}
              label={t(`kind.${kind}`)}
              help={t(`kind.${kind}Help`)}
            />
          ))}
        </div>
      )}
    </section>
  );
}
