/** Erasing for good: what goes and what stays, the name to be typed, then the proof to be kept. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog-panel";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { api } from "@/lib/api";
import { download } from "@/lib/download";
import { useForm } from "@/lib/form";

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
        <EraseForm name={name} path={path} onCancel={onClose} onDone={setProof} />
      )}
    </Dialog>
  );
}

function EraseForm({
  name,
  path,
  onCancel,
  onDone,
}: {
  name: string;
  path: string;
  onCancel: () => void;
  onDone: (proof: Certificate) => void;
}) {
  const { t } = useTranslation(["client", "common"]);
  const form = useForm({
    initial: { name: "" },
    validate: (values) => ({
      name: values.name.trim() === name.trim() ? undefined : { code: "clients_name_mismatch" },
    }),
    onSubmit: async (values) => {
      const done = await api.post<{ certificate: Certificate }>(path, { name: values.name.trim() });
      onDone(done.certificate);
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field label={t("erase.type", { name })} error={form.errorOf("name")} required>
        <Input {...form.control("name")} autoComplete="off" spellCheck={false} />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t("common:actions.cancel")}</Button>
        <Button type="submit" variant="danger" busy={form.busy}>
          {t("erase.submit")}
        </Button>
      </div>
    </form>
  );
}

/** Saves a proof as a file. */
export function saveProof(proof: Certificate): void {
  const content = new Blob([`${JSON.stringify(proof, null, 2)}\n`], { type: "application/json" });
  download(`erasure-${String(proof.id)}.json`, content);
}
