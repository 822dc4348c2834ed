/** Files of a client: brought, downloaded, taken away with a way back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FileUp, Paperclip, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/components/ui/states";
import { toast, toastError } from "@/components/ui/toast";
import { ApiError, api, apiUrl } from "@/lib/api";
import { useCan, useFormat } from "@/lib/session";
import { type ClientDetail, type ClientFile, filesQuery } from "./api";
import { inUnits } from "./page-file-size";

/** The largest file that the server takes, in bytes. */
const MOST = 10 * 1024 * 1024;

export function FilesTab({ client }: { client: ClientDetail }) {
  const { t } = useTranslation(["client", "clients"]);
  const format = useFormat();
  const edit = useCan("edit") && client.status !== "deleted";
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery(filesQuery(client.id));
  const path = `/clients/${client.id}/files`;
  const refresh = () => queries.invalidateQueries({ queryKey: ["clients", "one", client.id] });
  const files = data?.items ?? [];

  async function bring(chosen: File[]) {
    setBusy(true);
    try {
      for (const file of chosen) {
        if (file.size > MOST) throw new ApiError(413, "too_large", { max: MOST });
        await api.upload<ClientFile>(path, { name: file.name }, file);
      }
      const name = chosen[0]?.name ?? "";
      const count = chosen.length;
      toast({ message: t("files.added", { count, n: format.number(count), name }) });
    } catch (refused) {
      toastError(refused);
    } finally {
      setBusy(false);
      await refresh();
    }
  }

  async function remove(file: ClientFile) {
    try {
      await api.delete(`${path}/${file.id}`);
      await refresh();
      toast({
        message: t("files.removed", { name: file.name }),
        undo: () => void api.post(`${path}/${file.id}/restore`).then(refresh, toastError),
      });
    } catch (refused) {
      toastError(refused);
    }
  }

  const size = (file: ClientFile) => {
    const { unit, value, digits } = inUnits(file.size);
    return t(`files.${unit}`, { n: format.number(value, { digits }) });
  };
  const about = (file: ClientFile) =>
    [
      size(file),
      format.dateTime(file.createdAt),
      file.uploadedByName && t("files.by", { name: file.uploadedByName }),
    ]
      .filter(Boolean)
      .join(" · ");

  return (
    <Card aria-labelledby="files">
      <CardHeader
        id="files"
        title={t("clients:page.tabs.files")}
        subtitle={t("files.limit")}
        actions={
          edit && (
            <>
              <input
                ref={input}
                type="file"
                multiple
                className="sr-only"
                tabIndex={-1}
                aria-label={t("files.add")}
                onChange={(event) => {
                  const chosen = [...(event.target.files ?? [])];
                  event.target.value = "";
                  if (chosen.length > 0) void bring(chosen);
                }}
              />
              <Button busy={busy} onClick={() => input.current?.click()}>
                <FileUp aria-hidden />
                {t("files.add")}
              </Button>
            </>
          )
        }
      />
      {error ? (
        <ErrorState title={t("files.error")} error={error} onRetry={() => void refetch()} />
      ) : isPending ? (
        <Loading className="p-4">
          <Skeleton className="h-16 w-full" />
        </Loading>
      ) : files.length === 0 ? (
        <EmptyState
          level={3}
          icon={<Paperclip aria-hidden />}
          title={t("files.none")}
          text={t("files.noneText")}
        />
      ) : (
        <ul className="divide-y divide-border border-border border-t">
          {files.map((file) => (
            <li key={file.id} className="flex items-center gap-3 px-4 py-2">
              <Paperclip className="size-4 shrink-0 text-ink-3" aria-hidden />
              <span className="min-w-0 flex-1">
                <span className="block break-words font-medium">{file.name}</span>
                <span className="block text-ink-2 text-meta">{about(file)}</span>
              </span>
              <a
                href={apiUrl(`${path}/${file.id}`)}
                download={file.name}
                aria-label={t("files.download", { name: file.name })}
                className="flex size-8 shrink-0 items-center justify-center rounded-control text-ink-3 hover:bg-sunken hover:text-ink pointer-coarse:size-10 [&_svg]:size-4"
              >
                <Download aria-hidden />
              </a>
              {edit && (
                <IconButton
                  size="sm"
                  variant="ghost"
                  label={t("files.remove", { name: file.name })}
                  onClick={() => void remove(file)}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
