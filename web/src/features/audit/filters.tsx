/** What the log is limited to: who, what, when, and one thing. All of it stands in the URL. */
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input, Select } from "@/components/ui/input";
import { type AuditSearch, type Entry, membersQuery, NO_FILTER, tokensQuery } from "./api";

/** The first words of operations, in the order of the list. Others are shown by their own name. */
const FAMILIES = [
  "members",
  "invitations",
  "sessions",
  "profile",
  "links",
  "tokens",
  "workspaces",
  "clients",
  "contacts",
  "subscriptions",
  "signals",
  "opportunities",
  "tasks",
  "surveys",
  "objectives",
  "spend",
  "health_profiles",
  "notifications",
  "quarantine",
  "imports",
  "demo",
  "audit",
] as const;

export function Filters({
  search,
  set,
  items,
}: {
  search: AuditSearch;
  set: (patch: Partial<AuditSearch>) => void;
  /** What is on the page: it knows the names of who has left. */
  items: readonly Entry[];
}) {
  const { t } = useTranslation("audit");
  const members = useQuery(membersQuery).data?.items ?? [];
  const tokens = (useQuery(tokensQuery).data?.items ?? []).filter((token) => token.kind === "api");
  const listed =
    members.some((member) => member.userId === search.person) ||
    tokens.some((token) => token.id === search.person);
  const gone = search.person && !listed;
  // Families of features that this list does not know yet.
  const families = [
    ...FAMILIES,
    ...new Set(items.map((entry) => entry.operation.split(".")[0] ?? "").concat(search.what ?? "")),
  ].filter((name, index, all) => name !== "" && all.indexOf(name) === index);
  const about =
    items.find((entry) => entry.objectId === search.object)?.objectName ?? t("aboutOne");
  const limited = Object.values(search).some(Boolean);
  return (
    <search aria-label={t("filters")} className="block px-4 pb-4">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <Field label={t("person")}>
          <Select
            value={search.person ?? ""}
            onChange={(event) => set({ person: event.target.value || undefined })}
          >
            <option value="">{t("everybody")}</option>
            <optgroup label={t("persons")}>
              {members.map((member) => (
                <option key={member.userId} value={member.userId}>
                  {member.name || member.email}
                </option>
              ))}
              {gone && (
                <option value={search.person}>
                  {items.find((entry) => entry.actorId === search.person)?.actorName ??
                    t("someoneElse")}
                </option>
              )}
            </optgroup>
            {tokens.length > 0 && (
              <optgroup label={t("tokens")}>
                {tokens.map((token) => (
                  <option key={token.id} value={token.id}>
                    {token.name}
                  </option>
                ))}
              </optgroup>
            )}
          </Select>
        </Field>
        <Field label={t("operation")}>
          <Select
            value={search.what ?? ""}
            onChange={(event) => set({ what: event.target.value || undefined })}
          >
            <option value="">{t("everything")}</option>
            {families.map((name) => (
              <option key={name} value={name}>
                {t(`family.${name}`, { defaultValue: name.replaceAll("_", " ") })}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("from")}>
          <Input
            type="date"
            value={search.from ?? ""}
            max={search.to}
            onChange={(event) => set({ from: event.target.value || undefined })}
          />
        </Field>
        <Field label={t("to")}>
          <Input
            type="date"
            value={search.to ?? ""}
            min={search.from}
            onChange={(event) => set({ to: event.target.value || undefined })}
          />
        </Field>
      </div>
      {limited && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {search.object && (
            <span className="inline-flex h-7 min-w-0 items-center rounded-control bg-accent-soft pl-2.5 text-accent-words pointer-coarse:h-10">
              <span className="min-w-0 truncate">{t("about", { name: about })}</span>
              <button
                type="button"
                aria-label={t("removeAbout", { name: about })}
                onClick={() => set({ object: undefined })}
                className="flex h-full w-7 shrink-0 items-center justify-center rounded-control hover:text-ink pointer-coarse:w-10"
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </span>
          )}
          <Button variant="ghost" size="sm" onClick={() => set(NO_FILTER)}>
            {t("clear")}
          </Button>
        </div>
      )}
    </search>
  );
}
