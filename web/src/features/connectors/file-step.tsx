/** The file: dropped, or chosen by a button that the keyboard reaches like any other. */
import { useMutation } from "@tanstack/react-query";
import { FileUp, LoaderCircle } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { cn } from "@/lib/cn";
import { errorText } from "@/lib/i18n";
import { type Import, uploadImport } from "./api";

export function FileStep({ onTaken }: { onTaken: (item: Import) => void }) {
  const { t } = useTranslation("connectors");
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const upload = useMutation({ mutationFn: uploadImport, onSuccess: onTaken });
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file && !upload.isPending) upload.mutate(file);
  }
  return (
    <section
      aria-label={t("file.label")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cn(
        "flex flex-col items-center gap-2 rounded-card border-2 border-dashed bg-surface px-4 py-10 text-center",
        over ? "border-accent bg-accent-soft" : "border-border-strong",
      )}
    >
      <span className="flex size-10 items-center justify-center rounded-card bg-accent-soft text-accent-words [&>svg]:size-5">
        {upload.isPending ? (
          <LoaderCircle className="animate-spin" aria-hidden />
        ) : (
          <FileUp aria-hidden />
        )}
      </span>
      {upload.isPending ? (
        <p role="status">{t("file.reading", { name: upload.variables?.name ?? "" })}</p>
      ) : (
        <>
          <p className="font-semibold text-card">{t("file.drop")}</p>
          <p className="text-ink-2">{t("file.or")}</p>
          <Button variant="primary" onClick={() => input.current?.click()}>
            {t("file.choose")}
          </Button>
        </>
      )}
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,text/csv"
        aria-label={t("file.label")}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          // The same file can be chosen again after it was mended.
          event.target.value = "";
          if (file) upload.mutate(file);
        }}
      />
      <p className="mt-2 max-w-md text-balance text-ink-2 text-meta">
        {t("file.kinds")} {t("file.known")}
      </p>
      {upload.error && <FieldError>{errorText(upload.error)}</FieldError>}
    </section>
  );
}
