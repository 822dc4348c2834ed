/** Members, their roles, invitations, and what each role may do. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { useCan } from "@/lib/session";
import { membersQuery } from "./api";
import { Invitations, InviteSheet } from "./people-invitations";
import { Members } from "./people-members";
import { Rights } from "./people-rights";

export function People() {
  const { t } = useTranslation(["identity", "common"]);
  const administer = useCan("administer");
  const [inviting, setInviting] = useState(false);
  const { data, error, refetch } = useQuery(membersQuery);
  if (error && !data)
    return <ErrorState title={t("people.error")} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Loading className="flex flex-col gap-3">
        <Skeleton className="h-40 w-full" />
      </Loading>
    );
  }
  return (
    <>
      <Members members={data.items} onInvite={() => setInviting(true)} />
      {data.invitations.length > 0 && <Invitations items={data.invitations} />}
      <Rights />
      {administer && <InviteSheet open={inviting} onOpenChange={setInviting} />}
    </>
  );
}
