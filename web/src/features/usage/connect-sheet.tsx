/** "Connect a source": a key with its name, shown once, then what to paste. */
import { useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { CopyField, TextLink } from "@/components/ui/misc";
import { Notice } from "@/components/ui/states";
import { required, useForm } from "@/lib/form";
import { createKey } from "./api";
import { SNIPPETS, type SnippetName, snippet } from "./snippets";

export function ConnectSheet({
  mode,
  endpoint,
  onOpenChange,
}: {
  mode: "connect" | "examples" | null;
  endpoint: string;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation("usage");
  const [secret, setSecret] = useState<string | null>(null);
  useEffect(() => {
    if (mode === null) setSecret(null);
  }, [mode]);
  const asking = mode === "connect" && secret === null;
  return (
    <Sheet
      open={mode !== null}
      onOpenChange={onOpenChange}
      className="md:w-[640px]"
      title={t(
        mode === "examples" ? "connect.examples" : secret ? "connect.ready" : "connect.open",
      )}
      description={t(
        mode === "examples"
          ? "connect.examplesText"
          : secret
            ? "connect.readyText"
            : "connect.text",
      )}
      footer={
        asking ? undefined : (
          <Button variant={secret ? "primary" : "secondary"} onClick={() => onOpenChange(false)}>
            {t(secret ? "connect.kept" : "connect.close")}
          </Button>
        )
      }
    >
      {asking ? (
        <NameForm onCreated={setSecret} />
      ) : (
        <div className="flex flex-col gap-5">
          {secret && (
            <div className="flex flex-col gap-3">
              <Notice title={t("connect.once")}>{t("connect.onceText")}</Notice>
              <CopyField label={t("connect.key")} value={secret} />
            </div>
          )}
          <Snippets endpoint={endpoint} secret={secret} />
        </div>
      )}
    </Sheet>
  );
}

function NameForm({ onCreated }: { onCreated: (secret: string) => void }) {
  const { t } = useTranslation("usage");
  const client = useQueryClient();
  const form = useForm({
    initial: { name: "" },
    validate: ({ name }) => ({ name: required(name) }),
    onSubmit: async ({ name }) => {
      const { secret } = await createKey(name.trim());
      onCreated(secret);
      void client.invalidateQueries({ queryKey: ["ingestion"] });
    },
  });
  return (
    <form {...form.props} className="flex flex-col gap-4">
      <Field
        label={t("connect.name")}
        help={t("connect.nameHelp")}
        error={form.errorOf("name")}
        required
      >
        <Input {...form.control("name")} maxLength={120} autoComplete="off" />
      </Field>
      {form.error && <FieldError>{form.error}</FieldError>}
      <Button type="submit" variant="primary" busy={form.busy} className="self-start">
        {t("connect.create")}
      </Button>
    </form>
  );
}

function Snippets({ endpoint, secret }: { endpoint: string; secret: string | null }) {
  const { t } = useTranslation("usage");
  const [name, setName] = useState<SnippetName>("segment");
  const code = snippet(name, endpoint, secret ?? t("connect.placeholder"));
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("connect.how")}>
        <Select value={name} onChange={(event) => setName(event.target.value as SnippetName)}>
          {SNIPPETS.map((item) => (
            <option key={item} value={item}>
              {t(`snippets.${item}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Code code={code} label={t(`snippets.${name}`)} />
      <p className="text-ink-2">
        {t(`snippets.${name}Note`)}{" "}
        {name === "rest" && (
          <TextLink to="/settings/$section" params={{ section: "tokens" }}>
            {t("snippets.restLink")}
          </TextLink>
        )}
      </p>
    </div>
  );
}

function Code({ code, label }: { code: string; label: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(code);
    } catch {
      // Without a secure context the clipboard is closed: the old way still works.
      const area = document.createElement("textarea");
      area.value = code;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    setCopied(true);
  }
  return (
    <div className="rounded-card border border-border bg-sunken">
      <div className="flex justify-end border-border border-b p-1.5">
        <Button size="sm" onClick={copy}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          <span aria-live="polite">{copied ? t("actions.copied") : t("actions.copy")}</span>
        </Button>
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        role="group"
        aria-label={label}
        className="overflow-x-auto p-3 font-mono text-meta"
      >
        {code}
      </pre>
    </div>
  );
}
