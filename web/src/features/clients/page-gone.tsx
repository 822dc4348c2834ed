/** A client in the trash or merged into another says so, with the way back or the way on. */
import { useQueryClient } from "@tanstack/react-query";
import { GitMerge, Trash2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { TextLink } from "@/components/ui/misc";
import { toast, toastError } from "@/components/ui/toast";
import { api } from "@/lib/api";
import { useCan, useFormat } from "@/lib/session";
import type { ClientDetail } from "./api";

/** How long the trash keeps a client, in days. */
const KEPT = 30;

export function Gone({ client }: { client: ClientDetail }) {
  const { t } = useTranslation("client");
  const format = useFormat();
  const manage = useCan("manage");
  const restore = useRestore();
  const since = client.deletedAt ?? client.createdAt;
  const until = new Date(new Date(since).getTime() + KEPT * 86_400_000).toISOString();
  return (
    <div
      role="status"
      className="mb-4 flex flex-wrap items-center gap-3 rounded-card border border-border bg-sunken px-4 py-3 [&_svg]:size-4 [&_svg]:shrink-0"
    >
      {client.mergedInto ? <GitMerge aria-hidden /> : <Trash2 aria-hidden />}
      <p className="min-w-0 flex-1">
        {client.mergedInto
          ? t("gone.merged", { day: format.date(since) })
          : t("gone.trash", { day: format.date(since), until: format.date(until) })}
      </p>
      {client.mergedInto ? (
        <TextLink to="/clients/$id" params={{ id: client.mergedInto }}>
          {t("gone.survivor")}
        </TextLink>
      ) : (
        manage && (
          <Button onClick={() => void restore(client).catch(toastError)}>
            {t("gone.restore")}
          </Button>
        )
      )}
    </div>
  );
}

/** Takes a client out of the trash. */
export function useRestore() {
  const { t } = useTranslation("client");
  const queries = useQueryClient();
  return async ({ id, name }: { id: string; name: string }) => {
    await api.post(`/clients/${id}/restore`);
    await queries.invalidateQueries({ queryKey: ["clients"] });
    toast({ message: t("gone.restored", { name }) });
  };
}
