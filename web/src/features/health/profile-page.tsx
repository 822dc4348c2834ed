/** Settings, health: whose profile, what it holds, what a change would do, and its versions. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/input";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { text } from "@/lib/search";
import { useCan, useFormat } from "@/lib/session";
import { useUrlState } from "@/lib/use-url-state";
import { inForce, type Profiles, profilesQuery, saveProfile, type Version } from "./api-profiles";
import { ProfileEditor } from "./profile-editor";
import { versionName } from "./versions";

export function ProfilePage() {
  const { t } = useTranslation("health");
  const [search, set] = useUrlState<{ segment?: string }>();
  const { data, error, refetch } = useQuery(profilesQuery);
  if (error && !data) {
    return <ErrorState title={t("profile.error")} error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return (
      <Loading className="flex flex-col gap-4">
        <Skeleton className="h-32 w-full" />
        <Skeleton className="h-96 w-full" />
      </Loading>
    );
  }
  const segment = text(search.segment) ?? "";
  const version = inForce(data, segment);
  if (!version?.profile) return null;
  return (
    <>
      <Whose
        profiles={data}
        segment={segment}
        version={version}
        onSegment={(next) => set({ segment: next === "" ? undefined : next })}
      />
      <ProfileEditor
        // Another profile, or another version of it, starts over.
        key={`${segment}~${version.segment}~${version.version}`}
        profiles={data}
        segment={segment}
        version={version}
        profile={version.profile}
      />
    </>
  );
}

/** Tells every page about a new version. */
export function useProfilesChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["profiles", "health", "clients", "growth", "session"].map((word) =>
        client.invalidateQueries({ queryKey: [word] }),
      ),
    );
}

function Whose({
  profiles,
  segment,
  version,
  onSegment,
}: {
  profiles: Profiles;
  segment: string;
  version: Version;
  onSegment: (segment: string) => void;
}) {
  const { t } = useTranslation("health");
  const format = useFormat();
  const manage = useCan("manage");
  const changed = useProfilesChanged();
  const [busy, setBusy] = useState(false);
  const own = segment !== "" && version.segment === segment;
  const owners = new Map(
    profiles.items.filter((item) => item.segment !== "").map((item) => [item.segment, item]),
  );
  const all = profiles.segments.map((item) => item.segment);
  // A segment of the URL, or one with a profile, may have no client any more.
  for (const name of [...owners.keys(), segment]) {
    if (name !== "" && !all.includes(name)) all.push(name);
  }
  const clients = (name: string) =>
    profiles.segments.find((item) => item.segment === name)?.clients ?? 0;

  async function giveBack() {
    const { profile } = version;
    setBusy(true);
    try {
      await saveProfile(segment, null, t("profile.givenBackNote"));
      await changed();
      toast({
        message: t("profile.givenBack", { segment }),
        undo: () => {
          if (!profile) return;
          saveProfile(segment, profile, t("profile.undoNote", { n: version.version })).then(
            changed,
            toastError,
          );
        },
      });
    } catch (error) {
      toastError(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card aria-labelledby="whose">
      <CardHeader
        id="whose"
        title={t("profile.whose")}
        subtitle={t("profile.whoseText")}
        actions={
          own &&
          manage && (
            <Button busy={busy} onClick={() => void giveBack()}>
              <Undo2 aria-hidden />
              {t("profile.giveBack")}
            </Button>
          )
        }
      />
      <CardBody>
        <Field label={t("profile.clients")} className="max-w-md">
          <Select value={segment} onChange={(event) => onSegment(event.target.value)}>
            <option value="">{t("profile.all")}</option>
            {all.map((name) => {
              const count = clients(name);
              return (
                <option key={name} value={name}>
                  {t(owners.has(name) ? "profile.segmentOwn" : "profile.segment", {
                    name,
                    count,
                    n: format.number(count),
                  })}
                </option>
              );
            })}
          </Select>
        </Field>
        <p className="mt-2 text-ink-2">
          {segment !== "" && !own
            ? t(manage ? "profile.follows" : "profile.followsRead", {
                segment,
                version: versionName(t, format, version),
              })
            : t("profile.current", { version: versionName(t, format, version) })}
        </p>
        {!manage && (
          <p className="mt-3 flex items-start gap-2 rounded-control bg-sunken px-3 py-2 text-ink-2">
            <Lock className="mt-0.5 size-4 shrink-0" aria-hidden />
            {t("profile.refused")}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
