/** Adds a client by hand. What looks like a client that is there already is shown as one types. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Sheet, SheetActions } from "@/components/ui/dialog";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { TextLink } from "@/components/ui/misc";
import { TagsField } from "@/components/ui/tags-field";
import { toast } from "@/components/ui/toast";
import { required, useForm } from "@/lib/form";
import { useDebounced } from "@/lib/hooks";
import { createClient, type Fact, type FactValue, likeQuery, membersQuery, refresh } from "./api";
import { HeldFields } from "./own-fields";
import { Suggested } from "./value-field";

export function CreateSheet({
  open,
  facts,
  onClose,
}: {
  open: boolean;
  facts: readonly Fact[];
  onClose: () => void;
}) {
  const { t } = useTranslation("advanced");
  return (
    <Sheet
      open={open}
      onOpenChange={(to) => !to && onClose()}
      title={t("create.title")}
      description={t("create.text")}
    >
      {open && <CreateForm facts={facts} onClose={onClose} />}
    </Sheet>
  );
}

const SUGGESTED = ["segment", "industry", "country", "plan"] as const;

/** An identifier nobody has: readable, and never that of a client that is there. */
export function identifier(name: string, random: () => number = Math.random): string {
  const slug = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
  const tail = Array.from({ length: 8 }, () => Math.floor(random() * 36).toString(36)).join("");
  return slug ? `${slug}-${tail}` : tail;
}

function CreateForm({ facts, onClose }: { facts: readonly Fact[]; onClose: () => void }) {
  const { t } = useTranslation("advanced");
  const { t: words } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: members } = useQuery(membersQuery);
  const form = useForm({
    initial: {
      name: "",
      domain: "",
      segment: "",
      industry: "",
      country: "",
      plan: "",
      owner: "",
      tags: [] as string[],
      fields: {} as Record<string, FactValue>,
    },
    validate: (values) => ({ name: required(values.name) }),
    onSubmit: async ({ name, tags, fields, ...rest }) => {
      const given = Object.fromEntries(
        Object.entries(rest)
          .map(([key, text]) => [key, text.trim()] as const)
          .filter(([, text]) => text !== ""),
      );
      const { items } = await createClient({
        externalId: identifier(name),
        name: name.trim(),
        ...given,
        ...(tags.length > 0 ? { tags } : {}),
        ...(Object.keys(fields).length > 0 ? { fields } : {}),
      });
      await refresh(client);
      toast({ message: t("create.done", { name: name.trim() }) });
      onClose();
      const [made] = items;
      if (made) void navigate({ to: "/clients/$id", params: { id: made.id } });
    },
  });
  const { data: like } = useQuery(likeQuery(useDebounced(form.values.name.trim(), 250)));
  const choicesOf = (key: string) => ({ choices: facts.find((fact) => fact.key === key)?.choices });
  const owners = [
    ...new Set([
      ...(members?.items.map(({ name }) => name) ?? []),
      ...(choicesOf("owner").choices ?? []),
    ]),
  ];
  return (
    <form {...form.props} className="flex min-h-full flex-col gap-4">
      <Field label={t("create.name")} error={form.errorOf("name")} required>
        <Input maxLength={200} autoComplete="off" {...form.control("name")} />
      </Field>
      {like && like.items.length > 0 && (
        <div role="note" className="-mt-2 text-body text-ink-2">
          {t("create.like")}{" "}
          {like.items.map((found, index) => (
            <span key={found.id}>
              {index > 0 && ", "}
              <TextLink to="/clients/$id" params={{ id: found.id }}>
                {found.name}
              </TextLink>
            </span>
          ))}
        </div>
      )}
      <Field label={t("create.domain")} error={form.errorOf("domain")} optional>
        <Input
          maxLength={200}
          placeholder="example.com"
          autoCapitalize="off"
          {...form.control("domain")}
        />
      </Field>
      <Field label={t("fact.owner")} error={form.errorOf("owner")} optional>
        <Suggested
          fact={{ choices: owners }}
          label={t("fact.owner")}
          value={form.values.owner}
          onChange={(owner) => form.set({ owner })}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        {SUGGESTED.map((key) => (
          <Field key={key} label={t(`fact.${key}`)} error={form.errorOf(key)} optional>
            <Suggested
              fact={choicesOf(key)}
              label={t(`fact.${key}`)}
              value={form.values[key]}
              onChange={(text) => form.set({ [key]: text })}
            />
          </Field>
        ))}
      </div>
      <TagsField
        tags={form.values.tags}
        suggestions={choicesOf("tags").choices}
        error={form.errorOf("tags")}
        onChange={(tags) => form.set({ tags })}
      />
      <HeldFields
        facts={facts}
        values={form.values.fields}
        onChange={(fields) => form.set({ fields })}
        errorOf={form.errorOf}
      />
      {form.error && <FieldError>{form.error}</FieldError>}
      <SheetActions>
        <Button onClick={onClose}>{words("actions.cancel")}</Button>
        <Button type="submit" variant="primary" busy={form.busy}>
          {t("create.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}
