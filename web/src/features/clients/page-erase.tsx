/** Erasing for good: what goes and what stays, the name to be typed, then the proof to be kept. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog-panel";
import { NameForm } from "@/components/ui/name-form";
import { api } from "@/lib/api";
import { download } from "@/lib/download";

export type Certificate = Record<string, unknown>;

export function EraseDialog({
  of,
  name,
  path,
  onClose,
  onErased,
}: {
  of: "client" | "contact";
  name: string;
  /** The endpoint that erases. */
  path: string;
  onClose: () => void;
  /** Once the proof has been seen. */
  onErased: () => void;
}) {
  const { t } = useTranslation("client");
  const [proof, setProof] = useState<Certificate>();
  const close = proof ? onErased : onClose;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t(proof ? "erase.done" : `erase.title.${of}`, { name })}
      description={t(proof ? "erase.proof" : `erase.text.${of}`)}
    >
      {proof ? (
        <div className="flex flex-wrap justify-end gap-2">
          <Button variant="primary" onClick={() => saveProof(proof)}>
            {t("erase.save")}
          </Button>
          <Button onClick={onErased}>{t("erase.close")}</Button>
        </div>
      ) : (
        <NameForm
          name={name}
          label={t("erase.type", { name })}
          mismatch="clients_name_mismatch"
          submit={t("erase.submit")}
          onCancel={onClose}
          onSubmit={async (typed) => {
            const done = await api.post<{ certificate: Certificate }>(path, { name: typed });
            setProof(done.certificate);
          }}
        />
      )}
    </Dialog>
  );
}

/** Saves a proof as a file. */
export function saveProof(proof: Certificate): void {
  const content = new Blob([`${JSON.stringify(proof, null, 2)}\n`], { type: "application/json" });
  download(`erasure-${String(proof.id)}.json`, content);
}
